/** Accepting an operation: one transaction, then the start of its execution. */
import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Plan } from '#contract/resources/operation.ts';
import { newEvent } from '../control/new-event.ts';
import { newOperation, withOperation } from '../control/new-operation.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import { startExecutionSoon } from './start-execution.ts';

const IDEMPOTENCY_SECONDS = 86_400;

/** What is accepted, for whom, and how the request is known again. */
export interface AcceptedRequest {
  readonly plan: Plan;
  readonly actor: string;
  readonly restoreStrategy?: RestoreStrategy | undefined;
  readonly description?: string | undefined;
  readonly savepointDirectory?: string | undefined;
  readonly drain?: boolean | undefined;
  /** Written in the same transaction. */
  readonly writes?: readonly Write[] | undefined;
  readonly idempotency?: { readonly key: string; readonly requestHash: string } | undefined;
}

/**
 * Begins an operation on a deployment as it was read.
 *
 * Throws `WriteConflict` when the deployment has changed since, or when its idempotency key was used meanwhile;
 * then nothing happened. A crash after the transaction leaves a pending operation, which the sweep starts.
 */
export async function acceptOperation(
  platform: Platform,
  deployment: Deployment,
  request: AcceptedRequest,
): Promise<AcceptedOperation> {
  const { operation, writes } = acceptanceWrites(platform, deployment, request);
  const next = withOperation(deployment, operation);
  await platform.stores.commit([platform.stores.deployments.replaced(next), ...writes]);
  await startExecutionSoon(platform, operation);
  return operation;
}

/** The operation and every write of its acceptance but that of the deployment. */
export function acceptanceWrites(
  { stores, now, newId }: Platform,
  deployment: Deployment,
  request: AcceptedRequest,
): { readonly operation: AcceptedOperation; readonly writes: Write[] } {
  const at = now();
  const operation = newOperation(deployment, {
    operationId: newId(),
    at: at.toISOString(),
    actor: request.actor,
    plan: request.plan,
    restoreStrategy: request.restoreStrategy,
    description: request.description,
    savepointDirectory: request.savepointDirectory,
    drain: request.drain,
  });
  const event = newEvent(
    {
      id: newId(),
      at: operation.createdAt,
      actor: request.actor,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
    },
    {
      name: 'operation-accepted',
      message: `Operation ${operation.kind} was accepted.`,
      operationId: operation.id,
      jobId: operation.jobId,
    },
  );
  const { idempotency } = request;
  const expiresAt = Math.floor(at.getTime() / 1000) + IDEMPOTENCY_SECONDS;
  const remembered =
    idempotency === undefined
      ? []
      : [
          stores.idempotency.created({
            ...idempotency,
            deploymentId: deployment.id,
            operationId: operation.id,
            expiresAt,
          }),
        ];
  return {
    operation,
    writes: [
      ...(request.writes ?? []),
      ...stores.operations.created(operation),
      ...remembered,
      stores.events.appended(event),
    ],
  };
}
