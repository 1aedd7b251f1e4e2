/** A savepoint whose objects are being uploaded. */
import { Problem } from '#contract/problems.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';

/**
 * Where the manifest waits until all of it was found right: no collection may meet one that it cannot read, and no job
 * one whose chunks are missing.
 */
export const WAITING_MANIFEST = 'uploaded.json';

/** Key of the folder of a savepoint whose import goes on; throws `savepoint-in-use` for every other one. */
export function uploadFolder({ stores }: Platform, { id, origin, state, location }: StoredSavepoint): string {
  if (origin === 'imported' && state === 'started') return stores.jobFiles.keyOf(location);
  throw new Problem(
    'savepoint-in-use',
    `Cannot upload to savepoint ${id}: it is ${state} and its origin is ${origin}; begin another import`,
  );
}
