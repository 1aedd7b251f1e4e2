/** Removes a version that no deployment needs, whatever is deployed at the same moment. */
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { versionNeed } from '../control/version-need.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Page, PageRequest } from '../stores/page.ts';
import type { VersionUse } from '../stores/version-uses.ts';

/** A deployment that needs a version, and why. */
export interface VersionUser {
  readonly deployment: string;
  readonly reason: string;
}

// A transaction takes 100 writes. A use that stays behind harms nobody: no other version gets the number.
const USES_LIMIT = 80;

/**
 * Answers who needs the version; nobody means that it is gone.
 *
 * A version is marked before it is looked for users, and no deployment can state a marked one: whoever was faster is
 * found, whoever comes later is refused. Throws `WriteConflict` when the version was changed since it was read.
 */
export async function removeVersion(
  platform: Platform,
  version: ApplicationVersion,
): Promise<readonly VersionUser[]> {
  const { stores } = platform;
  const known = await versionUsers(platform, version);
  if (known.length > 0) return known;
  await stores.commit([stores.versions.deletionBegun(version)]);
  const marked = { ...version, revision: version.revision + 1 };
  const uses = await stores.versionUses.of(version);
  const users = await usersOf(platform, version, uses);
  if (users.length > 0) {
    await stores.commit(stores.versions.replaced(marked, { ...marked, revision: marked.revision + 1 }));
    return users;
  }
  await stores.commit([
    ...stores.versions.removed(marked),
    ...uses.slice(0, USES_LIMIT).map((use) => stores.versionUses.removed(use)),
  ]);
  return [];
}

/** The deployments that need a version, as of now. */
export async function versionUsers(
  platform: Platform,
  version: ApplicationVersion,
): Promise<readonly VersionUser[]> {
  return usersOf(platform, version, await platform.stores.versionUses.of(version));
}

async function usersOf(
  platform: Platform,
  { version }: ApplicationVersion,
  uses: readonly VersionUse[],
): Promise<VersionUser[]> {
  const users: VersionUser[] = [];
  for (const use of uses) {
    const reason = await needOf(platform, use, version);
    if (reason !== undefined) users.push({ deployment: use.deployment, reason });
  }
  return users;
}

async function needOf({ stores }: Platform, use: VersionUse, version: number): Promise<string | undefined> {
  const deployment = await stores.deployments.get(use.namespace, use.deployment);
  // Another one of the same name has uses of its own.
  if (deployment?.id !== use.deploymentId) return undefined;
  const { id } = deployment;
  const [job, savepoints, revisions] = await Promise.all([
    stores.jobs.latest(id),
    all<Savepoint>((request) => stores.savepoints.list(id, request)),
    all<SpecRevision>((request) => stores.revisions.list(id, request)),
  ]);
  return versionNeed({ deployment, job, savepoints, revisions }, version);
}

async function all<T>(list: (request: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 200, cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
