import type { Platform } from '../middleware/platform.ts';
import { requestVerb } from '../operations/request-verb.ts';
import type { Due } from '../stores/due.ts';

const ACTOR = 'system:housekeeping';

/** Cancels a deployment whose end date has come, and then deletes it; its log of events remains. */
export async function endDeployment(platform: Platform, due: Due): Promise<boolean> {
  const { namespace, deployment: name } = due;
  const deployment = await platform.stores.deployments.get(namespace, name);
  const isOver = deployment?.id === due.id && deployment.deletion === null;
  if (!isOver || deployment.expiresAt !== due.at) return true;
  const { operationId, state } = deployment.status;
  if (operationId !== null) return false;
  const request = { namespace, deployment: name, actor: ACTOR, acceptStateLoss: true };
  const description = `Its end was set to ${due.at}.`;
  const key = `end-${due.id}-${deployment.revision}`;
  await requestVerb(
    platform,
    state === 'running'
      ? { ...request, verb: 'cancel', description, idempotencyKey: key }
      : {
          ...request,
          verb: 'delete',
          description,
          deletion: { savepoints: 'delete', purge: false },
          idempotencyKey: key,
        },
  );
  // Only a look at what has come of it says that it is done.
  return false;
}
