/** A savepoint of a path, and what its manifest says. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { readManifest } from '#engine/index.ts';
import type { LocatedManifest } from '#engine/index.ts';
import type { Platform } from '../middleware/platform.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';

/** Names in a path. */
export interface SavepointPath {
  readonly namespace: string;
  readonly deployment: string;
  readonly savepoint: string;
}

/** Throws `not-found` unless the deployment has it. */
export async function savepointNamed(
  platform: Platform,
  path: SavepointPath,
): Promise<{ readonly deployment: Deployment; readonly savepoint: StoredSavepoint }> {
  const deployment = await deploymentNamed(platform, path.namespace, path.deployment);
  const savepoint = await platform.stores.savepoints.get(deployment.id, path.savepoint);
  if (savepoint !== undefined) return { deployment, savepoint };
  const message = `Cannot find savepoint "${path.savepoint}": deployment "${deployment.name}" has none of this id`;
  throw new Problem('not-found', message);
}

/** Throws `savepoint-incomplete` where it is not complete, or was not written by our engine. */
export async function manifestOf({ stores }: Platform, savepoint: StoredSavepoint): Promise<LocatedManifest> {
  if (savepoint.state !== 'completed') {
    throw new Problem(
      'savepoint-incomplete',
      `Cannot read savepoint ${savepoint.id}: it is ${savepoint.state}; choose a completed one`,
    );
  }
  return manifestAt({ stores }, savepoint, stores.jobFiles.keyOf(savepoint.location));
}

/** The manifest at a key that stands for a savepoint. */
export async function manifestAt(
  { stores }: Pick<Platform, 'stores'>,
  savepoint: StoredSavepoint,
  key: string,
): Promise<LocatedManifest> {
  try {
    return await readManifest(stores.savepointObjects.storage, key);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'Refusal') throw cause;
    const message = `Cannot read savepoint ${savepoint.id}: it has no manifest that this engine reads; take or import it again`;
    throw new Problem('savepoint-incomplete', message, { cause });
  }
}
