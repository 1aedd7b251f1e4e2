import { Problem } from '#contract/problems.ts';
import { endedOperationStates } from '#contract/resources/operation.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { pointOfNoReturn } from '#contract/workflows.ts';

/** What a request to end an operation early comes to. */
export type Cancellation =
  /** It waits for its turn and simply goes. */
  | 'leave-queue'
  /** It ends before its next step. */
  | 'request'
  /** Somebody has asked for that before. */
  | 'requested';

/**
 * Whether an operation can still be ended as if it had never begun.
 *
 * Answers `operation-not-cancellable` with the step that cannot be taken back, once that has begun.
 */
export function decideCancellation(operation: Operation): Cancellation | Problem {
  if (operation.state === 'queued') return 'leave-queue';
  if (endedOperationStates.includes(operation.state)) {
    return refused(operation, `it has ${operation.state} already`);
  }
  if (operation.cancelRequestedAt !== null) return 'requested';
  const irreversible = operation.steps.find(({ name }) => name === pointOfNoReturn(operation.kind));
  if (irreversible === undefined || irreversible.state === 'pending') return 'request';
  return refused(operation, `its step "${irreversible.title}" has begun and cannot be taken back`);
}

/** Whether an operation that shall end early does so before this step. */
export function endsBefore(operation: Operation, step: string): boolean {
  if (operation.cancelRequestedAt === null) return false;
  const order = operation.steps.map(({ name }) => name);
  const last = order.indexOf(pointOfNoReturn(operation.kind));
  const irreversible = operation.steps[last];
  return order.indexOf(step) <= last && irreversible?.state === 'pending';
}

function refused({ id, kind, deployment }: Operation, reason: string): Problem {
  return new Problem(
    'operation-not-cancellable',
    `Cannot cancel operation ${id}, the ${kind} of deployment "${deployment}": ${reason}`,
    { operationId: id },
  );
}
