import { Problem } from '#contract/problems.ts';
import type { Situation, VerbRequest } from './decide-operation.ts';
import type { Beginning } from './plan-beginning.ts';

/**
 * The problem of a new job that has another number of key groups than the running one whose state it is to take over.
 *
 * Of an older state nobody knows here how many it has: the worker refuses it, and the gate undoes the rest.
 */
export function keyGroupFault(
  { verb }: VerbRequest,
  { deployment, job }: Situation,
  beginning: Beginning | null,
): Problem | undefined {
  const takesStateNow = beginning !== null && beginning.restore === null;
  const { name, spec } = deployment;
  if (!takesStateNow || job === undefined || job.spec.maxParallelism === spec.maxParallelism)
    return undefined;
  const had = job.spec.maxParallelism;
  return new Problem(
    'state-incompatible',
    `Cannot ${verb} deployment "${name}": the state of job ${job.number} has max parallelism ${had}, the spec has ${spec.maxParallelism}; state it as ${had}, or begin empty with upgradeStrategy stateless`,
    { errors: [{ pointer: '/spec/maxParallelism', message: `must be ${had}, that of the state` }] },
  );
}
