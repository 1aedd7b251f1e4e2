import type { Platform } from '../middleware/platform.ts';
import { collectAfterPurge, purgeSavepoint } from '../savepoints/purge-savepoint.ts';
import type { Due } from '../stores/due.ts';

/** Removes a savepoint whose time in the trash is up; throws a problem while somebody needs it. */
export async function purgeDueSavepoint(platform: Platform, { deploymentId, id, at }: Due): Promise<boolean> {
  const savepoint = await platform.stores.savepoints.get(deploymentId, id);
  // It was brought back, or is to go at another time.
  if (savepoint?.deletion?.purgeAt !== at) return true;
  await purgeSavepoint(platform, { savepoint, actor: 'system:housekeeping' });
  await collectAfterPurge(platform, savepoint);
  return true;
}
