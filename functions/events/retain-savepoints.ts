import { Problem } from '#contract/problems.ts';
import { unretained } from '../control/retention.ts';
import { logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import { collectAtRest } from '../savepoints/collect-at-rest.ts';
import { removeUnrecorded } from '../savepoints/remove-unrecorded.ts';
import { purgeSavepoint } from '../savepoints/purge-savepoint.ts';
import type { Due } from '../stores/due.ts';

const ACTOR = 'system:retention';

/** Removes the savepoints of a deployment that its rules do not keep. One that is in use is looked at with the next. */
export async function retainSavepoints(platform: Platform, due: Due): Promise<boolean> {
  const { stores } = platform;
  const deployment = await stores.deployments.get(due.namespace, due.deployment);
  if (deployment?.id !== due.deploymentId) return true;
  await removeUnrecorded(platform, deployment.id);
  const savepoints = await stores.savepoints.all(deployment.id);
  const removed = new Set(unretained(savepoints, deployment.spec.savepoints).map(({ id }) => id));
  if (removed.size === 0) return true;
  for (const savepoint of savepoints.filter(({ id }) => removed.has(id))) {
    try {
      await purgeSavepoint(platform, { savepoint, actor: ACTOR });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      logger.info('A savepoint outlives its rule', { savepointId: savepoint.id, reason: error.message });
    }
  }
  // A running job collects by itself, between two checkpoints.
  await collectAtRest(platform, deployment);
  return true;
}
