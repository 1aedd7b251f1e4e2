/** A caller's request to end an operation early. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { decideCancellation } from '../control/decide-cancellation.ts';
import { newEvent } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Write } from '../stores/database.ts';
import type { StoredOperation } from '../stores/operations.ts';
import { beginQueuedSoon } from './begin-queued.ts';

/** The operation steps on between two looks, and every look may find it past the point of no return. */
const TRIES = 8;

/**
 * Takes an operation out of the queue, or notes that it shall end before its next step.
 *
 * Throws `operation-not-cancellable` where that is not possible any more.
 */
export async function cancelOperation(
  platform: Platform,
  operationId: string,
  actor: string,
): Promise<StoredOperation | undefined> {
  for (let attempt = 1; ; attempt++) {
    const operation = await platform.stores.operations.get(operationId);
    if (operation === undefined) return undefined;
    const decided = decideCancellation(operation);
    if (decided instanceof Problem) throw decided;
    if (decided === 'requested') return operation;
    try {
      return decided === 'leave-queue'
        ? await leaveQueue(platform, operation, actor)
        : await noteRequest(platform, operation);
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === TRIES) throw error;
    }
  }
}

async function noteRequest(platform: Platform, operation: StoredOperation): Promise<StoredOperation> {
  const cancelRequestedAt = platform.now().toISOString();
  const next = { ...operation, cancelRequestedAt, revision: operation.revision + 1 };
  await platform.stores.commit(platform.stores.operations.replaced(next));
  return next;
}

async function leaveQueue(
  platform: Platform,
  operation: StoredOperation,
  actor: string,
): Promise<StoredOperation> {
  const { stores, now } = platform;
  const at = now().toISOString();
  const deployment = await stores.deployments.get(operation.namespace, operation.deployment);
  const next: StoredOperation = {
    ...operation,
    state: 'cancelled',
    steps: operation.steps.map((step) => ({ ...step, state: 'skipped' })),
    cancelRequestedAt: at,
    endedAt: at,
    revision: operation.revision + 1,
  };
  await stores.commit([
    ...stores.operations.replaced(next),
    ...(deployment === undefined ? [] : [withoutIt(platform, deployment, operation.id)]),
    stores.events.appended(
      newEvent(
        {
          id: platform.newId(),
          at,
          actor,
          namespace: operation.namespace,
          deployment: operation.deployment,
          deploymentId: operation.deploymentId,
        },
        {
          name: 'operation-cancelled',
          message: `Operation ${operation.kind} was cancelled while it waited for its turn.`,
          operationId: operation.id,
        },
      ),
    ),
  ]);
  await beginQueuedSoon(platform, operation);
  return next;
}

function withoutIt({ stores }: Platform, deployment: Deployment, operationId: string): Write {
  const queue = deployment.status.queue.filter((id) => id !== operationId);
  return stores.deployments.replaced({
    ...deployment,
    status: { ...deployment.status, queue },
    revision: deployment.revision + 1,
  });
}
