/** The end of a deployment in the trash: what it keeps in bucket and table is removed, page by page. */
import { newEvent } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Due } from '../stores/due.ts';
import { collectAtRest } from './collect-at-rest.ts';
import { purgeSavepoint } from './purge-savepoint.ts';
import { refuseWhileOneIsHeld } from './trash-savepoint.ts';

const ACTOR = 'system:housekeeping';

/** How far a purge has come: `more` is gone on with later. */
export type Purged = 'done' | 'more';

/** What housekeeping has to do when the time of a deployment in the trash is up. */
export function purgeOf({ namespace, name, id }: Deployment, at: string): Due {
  return { at, kind: 'purge-deployment', namespace, deployment: name, deploymentId: id, id };
}

/**
 * Removes a deployment whose time in the trash is up.
 *
 * Every part may be repeated: the deployment's own record goes last, so that whatever a crash leaves is found again.
 * Errors: `savepoint-held` and `savepoint-in-use`; such a savepoint keeps the whole deployment where it is.
 */
export async function purgeDeployment(platform: Platform, due: Due, deadlineMs: number): Promise<Purged> {
  const { stores, now } = platform;
  const deployment = await stores.deployments.get(due.namespace, due.deployment);
  // Brought back, or another one of this name: only the mark is left over.
  if (deployment?.deletion?.purgeAt !== due.at || deployment.id !== due.id) return 'done';
  if (deployment.status.operationId !== null) return 'more';
  await refuseWhileOneIsHeld(platform, deployment);
  if (deployment.deletion.savepoints === 'delete') {
    for (const savepoint of await stores.savepoints.all(deployment.id)) {
      if (now().getTime() > deadlineMs) return 'more';
      await purgeSavepoint(platform, { savepoint, actor: ACTOR });
    }
  }
  await dropCheckpoint(platform, deployment);
  await collectAtRest(platform, deployment);
  while (await stores.history.removePage(deployment.id)) {
    if (now().getTime() > deadlineMs) return 'more';
  }
  await forget(platform, deployment, due);
  return 'done';
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
