import { Problem } from '#contract/problems.ts';
import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';

/** The newest committed checkpoint of a deployment. */
export interface RetainedCheckpoint {
  readonly id: number;
  readonly location: string;
  /** When it was committed, in milliseconds. */
  readonly atMs: number;
}

/** Everything that a start could begin from. */
export interface RestoreCandidates {
  readonly deployment: string;
  /** Those of the deployment, in any order; only completed ones count. */
  readonly savepoints: readonly Savepoint[];
  readonly checkpoint: RetainedCheckpoint | undefined;
}

/**
 * The state that a job begins from.
 *
 * Contract: `latest-state` takes the younger of savepoint and checkpoint, and the savepoint when both are of the same
 * moment, since S3 keeps times to the second and a suspend's savepoint is never older. Nothing at all is an empty
 * start for `latest-state`; the other strategies that name state answer `no-state-to-restore`.
 */
export function chooseRestore(
  strategy: RestoreStrategy,
  candidates: RestoreCandidates,
): RestoredFrom | Problem {
  switch (strategy.kind) {
    case 'none':
      return { kind: 'none' };
    case 'latest-state':
      return latestState(candidates);
    case 'latest-savepoint': {
      const newest = newestSavepoint(candidates);
      return newest === undefined
        ? refused(candidates, 'it has no completed savepoint; start with latest-state or none')
        : fromSavepoint(newest);
    }
    case 'savepoint':
      return namedSavepoint(candidates, strategy.savepointId);
  }
}

function latestState(candidates: RestoreCandidates): RestoredFrom {
  const savepoint = newestSavepoint(candidates);
  const { checkpoint } = candidates;
  if (checkpoint !== undefined && isNewerThanSavepoints(checkpoint, candidates.savepoints)) {
    return { kind: 'checkpoint', checkpointId: checkpoint.id, location: checkpoint.location };
  }
  return savepoint === undefined ? { kind: 'none' } : fromSavepoint(savepoint);
}

/** True where what would be lost with the checkpoint is in no completed savepoint. */
export function isNewerThanSavepoints(
  checkpoint: Pick<RetainedCheckpoint, 'atMs'>,
  savepoints: readonly Savepoint[],
): boolean {
  return savepoints
    .filter(({ state }) => state === 'completed')
    .every((savepoint) => checkpoint.atMs > completedMs(savepoint));
}

function namedSavepoint(candidates: RestoreCandidates, savepointId: string): RestoredFrom | Problem {
  const savepoint = candidates.savepoints.find((candidate) => candidate.id === savepointId);
  if (savepoint === undefined) {
    return refused(
      candidates,
      `savepoint "${savepointId}" is none of its savepoints; choose one of its list`,
    );
  }
  if (savepoint.state !== 'completed') {
    return refused(candidates, `savepoint "${savepointId}" is ${savepoint.state}; choose a completed one`);
  }
  return fromSavepoint(savepoint);
}

function newestSavepoint(candidates: RestoreCandidates): Savepoint | undefined {
  return candidates.savepoints
    .filter((savepoint) => savepoint.state === 'completed')
    .reduce<Savepoint | undefined>(
      (newest, savepoint) =>
        newest === undefined || completedMs(savepoint) > completedMs(newest) ? savepoint : newest,
      undefined,
    );
}

function completedMs(savepoint: Savepoint): number {
  return Date.parse(savepoint.completedAt ?? savepoint.createdAt);
}

function fromSavepoint(savepoint: Savepoint): RestoredFrom {
  return { kind: 'savepoint', savepointId: savepoint.id, location: savepoint.location };
}

function refused(candidates: RestoreCandidates, reason: string): Problem {
  return new Problem('no-state-to-restore', `Cannot start deployment "${candidates.deployment}": ${reason}`);
}
