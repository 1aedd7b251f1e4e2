/** Deletes versions by the retention rule of their application: the oldest ones that no deployment needs. */
import type { Application } from '#contract/resources/application.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import { removeVersion, versionUsers } from '../api/remove-version.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';

/**
 * Answers the numbers of the versions that were deleted.
 *
 * Contract: of the versions that nobody needs, the newest `keepUnused` stay, and always the newest version of all:
 * somebody may be about to deploy it. Called again after a crash it goes on where it was.
 */
export async function pruneVersions(platform: Platform, application: Application): Promise<number[]> {
  const { keepUnused } = application.retention;
  if (keepUnused === null) return [];
  const { namespace, name } = application;
  const versions = await platform.stores.versions.all(namespace, name);
  const pruned: number[] = [];
  let unused = 0;
  for (const version of versions.slice(1)) {
    if ((await versionUsers(platform, version)).length > 0) continue;
    unused++;
    if (unused > keepUnused && (await isRemoved(platform, version))) pruned.push(version.version);
  }
  return pruned;
}

async function isRemoved(platform: Platform, version: ApplicationVersion): Promise<boolean> {
  try {
    return (await removeVersion(platform, version)).length === 0;
  } catch (error) {
    // Somebody tagged, retired or deployed it at this moment; the next round looks again.
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}
