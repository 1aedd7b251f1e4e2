import type { Savepoint } from '#contract/resources/savepoint.ts';

/** What is known of a savepoint before anything of it is written. */
export type SavepointBegin = Pick<
  Savepoint,
  | 'id'
  | 'namespace'
  | 'deployment'
  | 'deploymentId'
  | 'jobId'
  | 'jobNumber'
  | 'version'
  | 'origin'
  | 'description'
  | 'location'
  | 'createdAt'
  | 'createdBy'
> &
  Partial<Pick<Savepoint, 'specRevision' | 'copiedFrom' | 'schedule'>>;

/** The record of a savepoint that is about to be made. */
export function newSavepoint(begin: SavepointBegin): Savepoint {
  return {
    specRevision: null,
    copiedFrom: null,
    schedule: null,
    ...begin,
    state: 'started',
    sizeBytes: null,
    completedAt: null,
    failure: null,
    hold: null,
    deletion: null,
  };
}
