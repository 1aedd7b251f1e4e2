/** Verbs that wait: written down while another operation is under way, decided again when their turn comes. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { planOf } from '../control/decide-operation.ts';
import { newEvent } from '../control/new-event.ts';
import { newOperation } from '../control/new-operation.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import type { Platform } from '../middleware/platform.ts';
import { idempotencyWrites } from './accept-operation.ts';
import type { AcceptedRequest } from './accept-operation.ts';
import type { RequestedVerb } from './request-verb.ts';

/** Whoever has so many waiting has lost sight of them. */
const QUEUE_LIMIT = 10;

/** Throws `WriteConflict` when the deployment has changed since it was read; then nothing happened. */
export async function enqueueOperation(
  platform: Platform,
  deployment: Deployment,
  { request, idempotency }: { readonly request: RequestedVerb } & Pick<AcceptedRequest, 'idempotency'>,
): Promise<AcceptedOperation> {
  const { stores, now, newId } = platform;
  const { status, name } = deployment;
  if (status.queue.length >= QUEUE_LIMIT) throw queueFull(request, deployment);
  const at = now().toISOString();
  const {
    dryRun: _dryRun,
    whenBusy: _whenBusy,
    idempotencyKey: _key,
    ifMatch: _ifMatch,
    ...waiting
  } = request;
  const operation: AcceptedOperation = {
    ...newOperation(deployment, {
      operationId: newId(),
      at,
      actor: request.actor,
      plan: planOf(request.verb, name),
      description: request.description,
    }),
    state: 'queued',
    jobId: null,
    waiting: { ...waiting },
  };
  const event = newEvent(
    {
      id: newId(),
      at,
      actor: request.actor,
      namespace: deployment.namespace,
      deployment: name,
      deploymentId: deployment.id,
    },
    {
      name: 'operation-queued',
      message: `Operation ${operation.kind} waits; ${status.queue.length + 1} in line.`,
      operationId: operation.id,
    },
  );
  await stores.commit([
    stores.deployments.replaced({
      ...deployment,
      status: { ...status, queue: [...status.queue, operation.id] },
      revision: deployment.revision + 1,
    }),
    ...stores.operations.created(operation),
    ...idempotencyWrites(platform, operation, idempotency),
    stores.events.appended(event),
  ]);
  return operation;
}

function queueFull({ verb }: RequestedVerb, { name, status }: Deployment): Problem {
  const [first = ''] = status.queue;
  const message = `Cannot ${verb} deployment "${name}": ${QUEUE_LIMIT} operations wait for their turn already, which is the limit; cancel one of them or wait`;
  return new Problem('operation-in-progress', message, { operationId: first, allowed: [] });
}
