/** Accepting an operation: one transaction, then the start of its execution. */
import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Plan } from '#contract/resources/operation.ts';
import { newEvent } from '../control/new-event.ts';
import { newOperation, withOperation } from '../control/new-operation.ts';
import type { AcceptedOperation, Deletion } from '../control/new-operation.ts';
import type { Replacement } from '../control/new-replacement.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { Stores } from '../stores/stores.ts';
import type { Restatement } from './restate.ts';
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
  readonly parallelism?: number | undefined;
  readonly deletion?: Deletion | undefined;
  readonly startAt?: string | undefined;
  /** Of a savepoint that the clock asks for: `every` of its rule. */
  readonly schedule?: string | undefined;
  readonly replacement?: Replacement | undefined;
  /** The deployment with what the verb changes of its spec; its revision is the one that was read. */
  readonly restated?: Restatement | undefined;
  /** The operation that waited for its turn and gets it now. */
  readonly queued?: Pick<AcceptedOperation, 'id' | 'createdAt' | 'revision'> | undefined;
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
  const next = withOperation(request.restated?.deployment ?? deployment, operation);
  await platform.stores.commit([platform.stores.deployments.replaced(next), ...writes]);
  await startExecutionSoon(platform, operation);
  return operation;
}

/** The operation and every write of its acceptance but that of the deployment. */
export function acceptanceWrites(
  platform: Platform,
  deployment: Deployment,
  request: AcceptedRequest,
): { readonly operation: AcceptedOperation; readonly writes: Write[] } {
  const { stores, now, newId } = platform;
  const at = now();
  const fresh = newOperation(deployment, {
    operationId: request.queued?.id ?? newId(),
    at: request.queued?.createdAt ?? at.toISOString(),
    actor: request.actor,
    plan: request.plan,
    restoreStrategy: request.restoreStrategy,
    description: request.description,
    savepointDirectory: request.savepointDirectory,
    drain: request.drain,
    parallelism: request.parallelism,
    deletion: request.deletion,
    startAt: request.startAt,
    schedule: request.schedule,
    replacement: request.replacement,
  });
  const operation = { ...fresh, revision: (request.queued?.revision ?? 0) + 1 };
  const event = newEvent(
    {
      id: newId(),
      at: at.toISOString(),
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
  return {
    operation,
    writes: [
      ...(request.writes ?? []),
      ...revisionWrites(stores, request.restated, operation.id),
      ...(request.queued === undefined
        ? stores.operations.created(operation)
        : stores.operations.replaced(operation)),
      ...idempotencyWrites(platform, operation, request.idempotency),
      stores.events.appended(event),
    ],
  };
}

/** That a request with this key was answered with this operation. */
export function idempotencyWrites(
  { stores, now }: Platform,
  operation: AcceptedOperation,
  idempotency: AcceptedRequest['idempotency'],
): Write[] {
  if (idempotency === undefined) return [];
  const { deploymentId, id: operationId } = operation;
  const expiresAt = Math.floor(now().getTime() / 1000) + IDEMPOTENCY_SECONDS;
  return [stores.idempotency.created({ ...idempotency, deploymentId, operationId, expiresAt })];
}

function revisionWrites(stores: Stores, restated: Restatement | undefined, operationId: string): Write[] {
  if (restated?.revision === undefined) return [];
  return [...restated.adoption, stores.revisions.created({ ...restated.revision, operationId })];
}
