import { durationMs } from '#contract/duration.ts';
import type { Condition, ConditionType, DeploymentSpec } from '#contract/resources/deployment.ts';
import type { Difference } from '#contract/resources/difference.ts';

/** What a running job told when it was asked, as far as conditions need it; undefined members it could not tell. */
export interface JobHealth {
  /** Flink's word: RUNNING, RESTARTING and so on. */
  readonly state?: string | undefined;
  /** Times of its failures, in ms, and the newest one's first line. */
  readonly failures?: { readonly atMs: readonly number[]; readonly newest: string | undefined } | undefined;
  /** When its newest checkpoint was complete; null when there is none. */
  readonly checkpointedAtMs?: number | null | undefined;
}

/** All that the conditions of a deployment follow from. */
export interface ConditionFacts {
  readonly nowMs: number;
  readonly job: {
    readonly number: number;
    readonly spec: Pick<DeploymentSpec, 'checkpointInterval' | 'checkpointing'>;
    readonly startedAt: string | null;
    readonly silentSince: string | null;
    /** When each attempt began. */
    readonly attemptsStartedAt: readonly string[];
  };
  readonly health: JobHealth | undefined;
  /** In what the deployment says something else than the job was started with. */
  readonly drift: readonly Difference[];
}

/** So many failures within that time are more than bad luck. */
const UNSTABLE_FAILURES = 3;
const UNSTABLE_WINDOW_MS = 600_000;
/** One checkpoint may fail, and the next one be late; the third is a sign. */
const STALE_INTERVALS = 3;
const POINTERS_SHOWN = 10;

type Found = Omit<Condition, 'since'>;

/** What is wrong with a running job and its deployment. Each type occurs once at most. */
export function conditionsOf(facts: ConditionFacts): Found[] {
  return [unreachable(facts), failing(facts), unstable(facts), stale(facts), drifting(facts)].flatMap(
    (condition) => condition ?? [],
  );
}

/** What changed between two looks; a condition that stays keeps the time since when it holds. */
export function changedConditions(
  before: readonly Condition[],
  found: readonly Found[],
  at: string,
): { readonly conditions: Condition[]; readonly raised: Condition[]; readonly cleared: Condition[] } {
  const known = new Map<ConditionType, Condition>(before.map((condition) => [condition.type, condition]));
  const conditions = found.map((condition) => {
    const since = known.get(condition.type)?.since ?? at;
    return { ...condition, since };
  });
  const types = new Set(found.map(({ type }) => type));
  return {
    conditions,
    raised: conditions.filter(({ type }) => !known.has(type)),
    cleared: before.filter(({ type }) => !types.has(type)),
  };
}

function unreachable({ job }: ConditionFacts): Found | undefined {
  if (job.silentSince === null) return undefined;
  const message = `Job ${job.number} has not answered since ${job.silentSince}; it is replaced when it stays silent.`;
  return { type: 'job-unreachable', reason: 'NoAnswer', message };
}

function failing({ job, health }: ConditionFacts): Found | undefined {
  const state = health?.state;
  if (state !== 'RESTARTING' && state !== 'FAILING' && state !== 'FAILED') return undefined;
  const cause = health?.failures?.newest;
  const message = `Job ${job.number} is ${state.toLowerCase()}${cause === undefined ? '' : `: ${cause}`}.`;
  return { type: 'job-failing', reason: state === 'RESTARTING' ? 'Restarting' : 'Failed', message };
}

function unstable({ job, health, nowMs }: ConditionFacts): Found | undefined {
  const begin = nowMs - UNSTABLE_WINDOW_MS;
  const failures = (health?.failures?.atMs ?? []).filter((atMs) => atMs > begin).length;
  // The first attempt is no sign of anything.
  const attempts = job.attemptsStartedAt.slice(1).filter((at) => Date.parse(at) > begin).length;
  if (failures + attempts < UNSTABLE_FAILURES) return undefined;
  const cause = health?.failures?.newest;
  const message = `Job ${job.number} failed ${UNSTABLE_FAILURES} times or more within ten minutes${cause === undefined ? '' : `; lately: ${cause}`}.`;
  return { type: 'job-unstable', reason: 'RestartedOften', message };
}

function stale({ job, health, nowMs }: ConditionFacts): Found | undefined {
  if (health?.checkpointedAtMs === undefined || job.startedAt === null) return undefined;
  const newestMs = Math.max(health.checkpointedAtMs ?? 0, Date.parse(job.startedAt));
  const { checkpointInterval, checkpointing } = job.spec;
  const allowedMs = STALE_INTERVALS * durationMs(checkpointInterval) + durationMs(checkpointing.timeout);
  if (nowMs - newestMs <= allowedMs) return undefined;
  const newest =
    health.checkpointedAtMs === null
      ? 'has no checkpoint yet'
      : `completed its newest checkpoint at ${new Date(health.checkpointedAtMs).toISOString()}`;
  const message = `Job ${job.number} ${newest}, although one is due every ${checkpointInterval}; a failure would set it back to there.`;
  return { type: 'checkpoint-stale', reason: 'NoCheckpointInTime', message };
}

function drifting({ job, drift }: ConditionFacts): Found | undefined {
  if (drift.length === 0) return undefined;
  const pointers = drift.map(({ pointer }) => pointer);
  const more = pointers.length > POINTERS_SHOWN ? ` and ${pointers.length - POINTERS_SHOWN} more` : '';
  const message = `Job ${job.number} runs with something else than the spec says in ${pointers.slice(0, POINTERS_SHOWN).join(', ')}${more}.`;
  return { type: 'drift', reason: 'SpecChanged', message };
}
