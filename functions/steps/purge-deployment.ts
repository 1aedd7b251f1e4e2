/** The end of a deployment in the trash: what it keeps in bucket and table is removed, page by page. */
import { newEvent } from '../control/new-event.ts';
import { logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Due } from '../stores/due.ts';
import { collectAtRest } from './collect-at-rest.ts';

const ACTOR = 'system:housekeeping';
const SAVEPOINTS_AT_ONCE = 100;

/** How far a purge has come: `more` and `kept` are looked at again later. */
export type Purged = 'done' | 'more' | 'kept';

/** What housekeeping has to do when the time of a deployment in the trash is up. */
export function purgeOf({ namespace, name, id }: Deployment, at: string): Due {
  return { at, kind: 'purge-deployment', namespace, deployment: name, deploymentId: id, id };
}

/**
 * Removes a deployment whose time in the trash is up.
 *
 * Every part may be repeated: the deployment's own record goes last, so that whatever a crash leaves is found again.
 * A savepoint that is held keeps the whole deployment where it is.
 */
export async function purgeDeployment(platform: Platform, due: Due, deadlineMs: number): Promise<Purged> {
  const { stores, now } = platform;
  const deployment = await stores.deployments.get(due.namespace, due.deployment);
  // Brought back, or another one of this name: only the mark is left over.
  if (deployment?.deletion?.purgeAt !== due.at || deployment.id !== due.id) return 'done';
  if (deployment.status.operationId !== null) return 'more';
  if (deployment.deletion.savepoints === 'delete') {
    const left = await removeSavepoints(platform, deployment, deadlineMs);
    if (left !== 'done') return left;
  }
  await dropCheckpoint(platform, deployment);
  await collectAtRest(platform, deployment);
  while (await stores.history.removePage(deployment.id)) {
    if (now().getTime() > deadlineMs) return 'more';
  }
  await forget(platform, deployment, due);
  return 'done';
}

async function removeSavepoints(
  { stores, now }: Platform,
  deployment: Deployment,
  deadlineMs: number,
): Promise<Purged> {
  const { items } = await stores.savepoints.list(deployment.id, { limit: SAVEPOINTS_AT_ONCE });
  const held = items.find(({ hold }) => hold !== null);
  if (held !== undefined) {
    logger.info('A deployment stays in the trash, since one of its savepoints is held', {
      deploymentId: deployment.id,
      savepointId: held.id,
    });
    return 'kept';
  }
  for (const savepoint of items) {
    if (now().getTime() > deadlineMs) return 'more';
    await removeSavepoint(stores, savepoint);
  }
  return items.length < SAVEPOINTS_AT_ONCE ? 'done' : 'more';
}

/** Its files first: a record without files can be removed again, files without a record would stay for ever. */
async function removeSavepoint(
  stores: Platform['stores'],
  { deploymentId, id, location }: Savepoint,
): Promise<void> {
  await stores.jobFiles.disposeOf(location);
  await stores.commit([stores.savepoints.removed(deploymentId, id)]);
}

/** The newest checkpoint holds its chunks by the head; a higher epoch fences whatever may still run. */
async function dropCheckpoint({ stores }: Platform, { id }: Deployment): Promise<void> {
  const before = await stores.heads.read(id);
  if (before?.head.checkpoint === undefined) return;
  await stores.heads.swap(id, { epoch: before.head.epoch + 1, jobId: before.head.jobId }, before);
}

async function forget(platform: Platform, deployment: Deployment, due: Due): Promise<void> {
  const { stores, now, newId } = platform;
  const { namespace, name, id } = deployment;
  const at = now().toISOString();
  const message =
    deployment.deletion?.savepoints === 'keep'
      ? 'Removed for good; its savepoints are kept.'
      : 'Removed for good, with its savepoints.';
  await stores.commit([
    stores.deployments.removed(deployment),
    stores.due.removed(due),
    stores.events.appended(
      newEvent(
        { id: newId(), at, actor: ACTOR, namespace, deployment: name, deploymentId: id },
        { name: 'deployment-purged', message },
      ),
    ),
  ]);
}
