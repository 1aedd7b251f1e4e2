import type { OperationStep } from '#contract/resources/operation.ts';

/** Steps by which the job before hears that it has to end. */
const STOPPING = ['take-savepoint', 'clear-job', 'cancel-job'];

/**
 * For how long no job ran for an operation that put one in the place of another: from the moment when the old one had
 * been told to stop until the new one runs. Null where none was stopped.
 */
export function pauseMsOf(
  steps: readonly Pick<OperationStep, 'name' | 'state' | 'endedAt'>[],
  nowMs: number,
): number | null {
  const stopped = steps.find(
    ({ name, state, endedAt }) => STOPPING.includes(name) && state === 'succeeded' && endedAt !== null,
  );
  const atMs = Date.parse(stopped?.endedAt ?? '');
  return Number.isNaN(atMs) ? null : Math.max(0, nowMs - atMs);
}
