import type { Job } from '#contract/resources/job.ts';
import type { Operation } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';

/** All that may need a savepoint as it is. */
export interface SavepointNeeds {
  readonly savepoint: Savepoint;
  /** Operations of its deployment that have not ended, with what their callers named. */
  readonly operations: readonly (Operation & {
    readonly request: {
      readonly restoreStrategy: { readonly kind: string; readonly savepointId?: string } | null;
    };
  })[];
  /** The live job of its deployment. */
  readonly job: Job | undefined;
  readonly hasOwnCheckpoint: boolean;
  /** Forks that are about to refer to it. */
  readonly waiting: readonly { readonly namespace: string; readonly deployment: string }[];
}

/** Who needs a savepoint now and what to do about it, as the end of a sentence; undefined when nobody does. */
export function neededBy(needs: SavepointNeeds): string | undefined {
  const { savepoint, operations, job, hasOwnCheckpoint, waiting } = needs;
  const { id } = savepoint;
  // An import is given up by whoever began it.
  if (savepoint.state === 'started' && savepoint.origin !== 'imported')
    return 'it is being taken; wait until that has ended';
  const operation = operations.find((one) => refersTo(one, id));
  if (operation !== undefined)
    return `operation ${operation.id} (${operation.kind}) refers to it; wait until that has ended`;
  const from = job?.restoredFrom;
  if (job !== undefined && from?.kind === 'savepoint' && from.savepointId === id && !hasOwnCheckpoint)
    return `job ${job.number} began from it and has no checkpoint of its own yet; wait for its first one`;
  const fork = waiting[0];
  if (fork !== undefined)
    return `deployment "${fork.deployment}" of namespace "${fork.namespace}" is about to begin from it; wait until it runs`;
  return undefined;
}

function refersTo(operation: SavepointNeeds['operations'][number], id: string): boolean {
  const { restore } = operation.plan;
  const strategy = operation.request.restoreStrategy;
  return (
    operation.savepointId === id ||
    (restore?.kind === 'savepoint' && restore.savepointId === id) ||
    (strategy?.kind === 'savepoint' && strategy.savepointId === id)
  );
}
