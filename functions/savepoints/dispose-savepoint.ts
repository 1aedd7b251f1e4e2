/** Disposal of a savepoint as Flink knows it: by its address, and at once. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { purgeSavepoint } from './purge-savepoint.ts';

/**
 * Disposes of the savepoint at an address.
 *
 * Errors: `not-found` when the deployment has none there; `savepoint-held` or `savepoint-in-use`.
 */
export async function disposeSavepoint(
  platform: Platform,
  deployment: Deployment,
  request: { readonly location: string; readonly actor: string },
): Promise<StoredSavepoint> {
  const savepoint = await savepointAt(platform, deployment, request.location);
  await purgeSavepoint(platform, { savepoint, actor: request.actor });
  return savepoint;
}

async function savepointAt(
  { stores }: Platform,
  { id, name }: Deployment,
  location: string,
): Promise<StoredSavepoint> {
  const address = location.replace(/\/(?:manifest\.json)?$/, '');
  const listed = await stores.savepoints.completed(id);
  const found = listed.find((savepoint) => savepoint.location === address);
  const savepoint = found === undefined ? undefined : await stores.savepoints.get(id, found.id);
  if (savepoint !== undefined) return savepoint;
  throw new Problem(
    'not-found',
    `Cannot dispose of the savepoint at "${location}": deployment "${name}" has no completed one there; list them and give a location as it stands`,
  );
}
