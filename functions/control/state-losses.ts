/** What a verb gives up of the state, and whether its caller has to say that this is meant. */
import type { Beginning } from './plan-beginning.ts';
import { isLive } from './plan-beginning.ts';
import type { Situation, VerbRequest } from './decide-operation.ts';

/** Something that is given up. */
export interface Loss {
  readonly sentence: string;
  /** `protected`: only deployments that are protected ask for the acceptance. */
  readonly acceptance: 'always' | 'protected';
}

/** Streams keep their records for a day unless told otherwise: what is older cannot be read again. */
const REPLAYABLE_MS = 86_400_000;

/** What is lost, one entry for each thing; empty where the new job has all that the old one had. */
export function stateLosses(request: VerbRequest, situation: Situation, beginning: Beginning | null): Loss[] {
  switch (request.verb) {
    case 'cancel':
      return isLive(situation) ? [{ sentence: sinceCheckpoint(situation), acceptance: 'protected' }] : [];
    case 'upgrade':
      return beginning === null ? [] : lossesOfUpgrade(situation, beginning);
    case 'rollback':
    case 'reset':
      return beginning === null ? [] : lossesOfReturn(situation, beginning);
    case 'delete':
      return deletionLosses(request, situation);
    default:
      return [];
  }
}

/** Nothing is gone while the deletion can be undone, and savepoints only where the caller says so. */
function deletionLosses({ deletion }: VerbRequest, { candidates }: Situation): Loss[] {
  const purges = deletion?.purge === true;
  const when = purges ? 'now' : 'after the time in which the deletion can be undone';
  if (deletion?.savepoints === 'delete') {
    const sentence = `Its ${candidates.savepoints.length} savepoints and its checkpoints are removed ${when}.`;
    return [{ sentence, acceptance: 'protected' }];
  }
  if (!purges) return [];
  const sentence = 'Its checkpoints and the records of its jobs are removed now.';
  return [{ sentence, acceptance: 'protected' }];
}

function lossesOfUpgrade(situation: Situation, beginning: Beginning): Loss[] {
  const { restore, atMs } = beginning;
  if (restore === null) return [];
  if (restore.kind === 'none') return emptyStart(situation);
  const isNewest = situation.deployment.spec.restoreStrategy.kind !== 'savepoint';
  if (!isNewest) return newerState(situation, atMs, 'always');
  const isOld = atMs !== undefined && situation.nowMs !== undefined && situation.nowMs - atMs > REPLAYABLE_MS;
  if (!isOld) return [];
  const sentence = `The newest state is of ${textOf(atMs)}, more than a day ago: sources may not hold all records since then.`;
  return [{ sentence, acceptance: 'always' }];
}

/** Empty by wish, or because nothing is left of what there was; a deployment that never had state loses none. */
function emptyStart(situation: Situation): Loss[] {
  const { candidates, job, deployment } = situation;
  const hadState = job !== undefined && job.restoredFrom.kind !== 'none';
  const hasState =
    candidates.checkpoint !== undefined || candidates.savepoints.some(({ state }) => state === 'completed');
  if (!isLive(situation) && !hasState && !hadState) return [];
  const wish =
    deployment.spec.upgradeStrategy.kind === 'stateless'
      ? 'upgradeStrategy stateless'
      : `restoreStrategy ${deployment.spec.restoreStrategy.kind}`;
  const newest = newestOf(situation);
  const what =
    newest === undefined
      ? 'what its jobs computed'
      : `what its jobs computed, of which the newest kept state is of ${textOf(newest)}`;
  return [{ sentence: `The new job begins empty (${wish}) and does not use ${what}.`, acceptance: 'always' }];
}

/** Back to a state of the past: everything that came after it is given up. */
function lossesOfReturn(situation: Situation, { restore, atMs }: Beginning): Loss[] {
  if (restore?.kind !== 'none') return newerState(situation, atMs, 'protected');
  return emptyStart(situation).map(({ sentence }) => ({ sentence, acceptance: 'protected' }));
}

function newerState(situation: Situation, atMs: number | undefined, acceptance: Loss['acceptance']): Loss[] {
  const newest = newestOf(situation);
  const isNewer = isLive(situation) || (newest !== undefined && atMs !== undefined && newest > atMs);
  if (!isNewer) return [];
  const since = atMs === undefined ? 'that state' : `the state of ${textOf(atMs)}`;
  const who = isLive(situation) ? 'the running job' : 'jobs';
  return [{ sentence: `What ${who} computed since ${since} is given up.`, acceptance }];
}

function newestOf({ candidates }: Situation): number | undefined {
  const times = candidates.savepoints
    .filter(({ state }) => state === 'completed')
    .map(({ completedAt, createdAt }) => Date.parse(completedAt ?? createdAt));
  if (candidates.checkpoint !== undefined) times.push(candidates.checkpoint.atMs);
  return times.length === 0 ? undefined : Math.max(...times);
}

function sinceCheckpoint({ candidates: { checkpoint } }: Situation): string {
  return checkpoint === undefined
    ? 'All state of the running job is given up: no checkpoint of it is complete yet.'
    : `What the running job computed since checkpoint ${checkpoint.id} of ${textOf(checkpoint.atMs)} is given up.`;
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
