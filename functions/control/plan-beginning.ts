/** Which state the new job of a verb begins from, decided before anything ends. */
import { Problem } from '#contract/problems.ts';
import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { chooseRestore } from './choose-restore.ts';
import type { Situation, VerbRequest } from './decide-operation.ts';
import { rollbackSavepoint } from './rollback-savepoint.ts';

/** The state that a job begins from, as far as it is known when the verb is accepted. */
export interface Beginning {
  /** Null: a savepoint that is yet to be taken. */
  readonly restore: RestoredFrom | null;
  /** Chosen again when the epoch is claimed; null: the savepoint that the operation takes. */
  readonly strategy: RestoreStrategy | null;
  /** A savepoint ends the job before; without it the job is cancelled. */
  readonly takesSavepoint: boolean;
  /** Version of the application that wrote the state; undefined where nothing is restored or nobody knows. */
  readonly version: number | undefined;
  /** When the state was taken; undefined for one that is yet to be taken. */
  readonly atMs: number | undefined;
}

/** The beginning, or the problem that there is no such state; null for verbs that begin no job. */
export function planBeginning(request: VerbRequest, situation: Situation): Beginning | Problem | null {
  switch (request.verb) {
    case 'start':
    case 'reset':
      return chosen(request.restoreStrategy ?? situation.deployment.spec.restoreStrategy, situation);
    case 'rollback':
      return ofRollback(request, situation);
    case 'upgrade':
      return ofUpgrade(situation);
    case 'restart':
    case 'migrate':
      return isLive(situation)
        ? takenNow(situation)
        : chosen(situation.deployment.spec.restoreStrategy, situation);
    default:
      return null;
  }
}

/** Whether a job runs that a savepoint can be taken of. */
export function isLive({ deployment }: Situation): boolean {
  return deployment.status.state === 'running';
}

/**
 * An upgrade keeps to both strategies: the savepoint that it takes is what the job begins from, unless the restore
 * strategy names another state in so many words.
 */
function ofUpgrade(situation: Situation): Beginning | Problem {
  const { upgradeStrategy, restoreStrategy } = situation.deployment.spec;
  if (upgradeStrategy.kind === 'stateless') {
    return { ...emptyBeginning, takesSavepoint: false };
  }
  const namesState = restoreStrategy.kind === 'none' || restoreStrategy.kind === 'savepoint';
  if (isLive(situation) && !namesState) return takenNow(situation);
  return chosen(restoreStrategy, situation, isLive(situation));
}

function ofRollback(request: VerbRequest, situation: Situation): Beginning | Problem {
  if (request.restoreStrategy !== undefined) return chosen(request.restoreStrategy, situation);
  const { deployment, candidates, rollbackTo, graphs } = situation;
  const savepoint = rollbackSavepoint(candidates.savepoints, {
    revision: rollbackTo ?? deployment.specRevision,
    spec: deployment.spec,
    graphs,
  });
  if (savepoint !== undefined) return chosen({ kind: 'savepoint', savepointId: savepoint.id }, situation);
  return new Problem(
    'no-state-to-restore',
    `Cannot rollback deployment "${deployment.name}": it has no savepoint that version ${deployment.spec.version} can begin from; name another restoreStrategy, or upgrade to that version with the state of now`,
  );
}

function takenNow({ job }: Situation): Beginning {
  return {
    restore: null,
    strategy: null,
    takesSavepoint: true,
    version: job?.spec.version,
    atMs: undefined,
  };
}

const emptyBeginning: Beginning = {
  restore: { kind: 'none' },
  strategy: { kind: 'none' },
  takesSavepoint: false,
  version: undefined,
  atMs: undefined,
};

function chosen(
  strategy: RestoreStrategy,
  situation: Situation,
  takesSavepoint = false,
): Beginning | Problem {
  const { deployment, candidates, job } = situation;
  const restore = chooseRestore(strategy, { ...candidates, deployment: deployment.name });
  if (restore instanceof Problem) return restore;
  const beginning = { restore, strategy, takesSavepoint };
  switch (restore.kind) {
    case 'none':
      return { ...beginning, version: undefined, atMs: undefined };
    case 'checkpoint':
      return { ...beginning, version: job?.spec.version, atMs: candidates.checkpoint?.atMs };
    case 'savepoint': {
      const savepoint = candidates.savepoints.find(({ id }) => id === restore.savepointId);
      return { ...beginning, version: savepoint?.version, atMs: takenMs(savepoint) };
    }
  }
}

function takenMs(savepoint: Savepoint | undefined): number | undefined {
  return savepoint === undefined ? undefined : Date.parse(savepoint.completedAt ?? savepoint.createdAt);
}
