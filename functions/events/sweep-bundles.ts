/** Deletes the bytes of bundles that no version of any namespace refers to, and uploads that nobody goes on with. */
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Write } from '../stores/database.ts';
import type { UnusedBundle } from '../stores/unused-bundles.ts';
import { pagesOf } from './pages-of.ts';

const HOUR_MS = 3_600_000;
// A pushed bundle is registered within minutes; whoever was cut off may come back the next day.
const UPLOAD_MS = 24 * HOUR_MS;
// Longer than any request that verified the bytes before, and than the index lags that lists applications.
const WAIT_MS = HOUR_MS / 2;
// Longer than any function runs: until then another one may be deleting.
const DELETION_MS = HOUR_MS / 4;
const MINUTE = 30;
const PAGE = 200;

export async function sweepBundlesHourly(platform: Platform, now: Date): Promise<void> {
  if (now.getUTCMinutes() !== MINUTE) return;
  await sweepBundles(platform, now);
}

/**
 * Answers the hashes of the bundles that were deleted.
 *
 * A bundle without a version is marked first, and deleted by a later run when its mark is still there: a registration
 * takes the mark away with the same transaction that writes its version, so that one of both is refused.
 */
export async function sweepBundles(platform: Platform, now: Date): Promise<string[]> {
  const { bundles, bundleUploads, unusedBundles } = platform.stores;
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  await bundleUploads.dropOlderThan(before(UPLOAD_MS));
  // In this order: what is registered after the marks were read takes its mark away.
  const marks = new Map((await unusedBundles.all()).map((mark) => [mark.sha256, mark]));
  const used = await usedHashes(platform);
  for (const sha256 of await bundles.olderThan(before(UPLOAD_MS))) {
    if (used.has(sha256) || marks.has(sha256)) continue;
    const mark = { sha256, since: now.toISOString(), deletingAt: null, revision: 1 };
    await isWritten(platform, unusedBundles.created(mark));
  }
  const deleted: string[] = [];
  for (const mark of marks.values()) {
    if (used.has(mark.sha256)) await isWritten(platform, unusedBundles.removed(mark));
    else if (await isDeleted(platform, mark, now)) deleted.push(mark.sha256);
  }
  return deleted;
}

async function isDeleted(platform: Platform, mark: UnusedBundle, now: Date): Promise<boolean> {
  const { bundles, unusedBundles } = platform.stores;
  const waitsSince = mark.deletingAt ?? mark.since;
  const isDue = Date.parse(waitsSince) <= now.getTime() - (mark.deletingAt === null ? WAIT_MS : DELETION_MS);
  if (!isDue) return false;
  const deleting = { ...mark, deletingAt: now.toISOString(), revision: mark.revision + 1 };
  if (!(await isWritten(platform, unusedBundles.replaced(mark, deleting)))) return false;
  await bundles.deleted(mark.sha256);
  await isWritten(platform, unusedBundles.removed(deleting));
  return true;
}

/** False where somebody else was faster. */
async function isWritten({ stores }: Platform, write: Write): Promise<boolean> {
  try {
    await stores.commit([write]);
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

async function usedHashes({ stores }: Platform): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  const namespaces = pagesOf((cursor) => stores.namespaces.list({ limit: PAGE, cursor }));
  for await (const { name: namespace } of namespaces) {
    const applications = pagesOf((cursor) => stores.applications.list(namespace, { limit: PAGE, cursor }));
    for await (const { name } of applications)
      for (const hash of await stores.versions.hashes(namespace, name)) used.add(hash);
  }
  return used;
}
