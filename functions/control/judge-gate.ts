/** Whether a new job has shown what the gate of its upgrade asks for. */
import { durationMs } from '#contract/duration.ts';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import type { GateCondition, GateMetric, UpgradeGate } from '#contract/resources/upgrade.ts';

/** What the gate remembers from look to look. */
export interface GateSeen {
  /** Since when the job runs without a restart. */
  readonly since: string;
  /** Restarts inside the worker and new attempts so far. */
  readonly restarts: number;
  readonly attempts: number;
  /** A checkpoint was asked for, instead of waiting for the next periodic one. */
  readonly triggered: boolean;
}

/** What one look at the job has shown. */
export interface GateLook {
  readonly nowMs: number;
  /** When the gate was begun. */
  readonly begunMs: number;
  /** Every operator runs; false while the job restarts or does not answer. */
  readonly isUp: boolean;
  readonly seen: GateSeen;
  /** A checkpoint that this job itself has completed is in the head. */
  readonly hasCheckpoint: boolean;
  /** Undefined when the job could not tell. */
  readonly metrics: DeploymentMetrics | undefined;
}

/** `waiting` and `missed` name every part that is lacking, with its figures. */
export type GateJudgement =
  | { readonly kind: 'passed'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'missed'; readonly reason: string };

/** Too many restarts miss the gate at once; all else may still come until its timeout. */
export function judgeGate(gate: UpgradeGate, look: GateLook): GateJudgement {
  const restarts = restartsOf(look.seen);
  if (restarts > gate.maxRestarts) {
    return {
      kind: 'missed',
      reason: `the job has restarted ${restarts} times, the gate allows ${gate.maxRestarts}`,
    };
  }
  const lacking = lackingParts(gate, look);
  if (lacking.length === 0) return { kind: 'passed', reason: passedSentence(gate, look) };
  const reason = lacking.join('; ');
  const isOver = look.nowMs - look.begunMs > durationMs(gate.timeout);
  return isOver ? { kind: 'missed', reason: `after ${gate.timeout} ${reason}` } : { kind: 'waiting', reason };
}

function lackingParts(gate: UpgradeGate, look: GateLook): string[] {
  const lacking: string[] = [];
  if (!look.isUp) lacking.push('not every operator runs');
  if (gate.checkpoint && !look.hasCheckpoint) lacking.push('no checkpoint of the new job is complete');
  const healthyMs = look.nowMs - Date.parse(look.seen.since);
  if (healthyMs < durationMs(gate.healthyFor)) {
    const seconds = Math.max(0, Math.floor(healthyMs / 1000));
    lacking.push(`it has run for ${seconds} s without a restart, the gate wants ${gate.healthyFor}`);
  }
  return [...lacking, ...gate.conditions.flatMap((condition) => missedCondition(condition, look) ?? [])];
}

function missedCondition(condition: GateCondition, { metrics }: GateLook): string | undefined {
  const { metric, comparison, value } = condition;
  const figure = metrics === undefined ? null : gateFigure(metrics, metric);
  const wanted = `the gate wants ${comparison.replace('-', ' ')} ${value}`;
  if (figure === null) return `nobody knows ${metric} yet, ${wanted}`;
  const holds = comparison === 'at-least' ? figure >= value : figure <= value;
  return holds ? undefined : `${metric} is ${rounded(figure)}, ${wanted}`;
}

/** One figure of the whole job; null where the job does not have it. */
export function gateFigure(metrics: DeploymentMetrics, metric: GateMetric): number | null {
  switch (metric) {
    case 'recordsInPerSecond':
    case 'recordsOutPerSecond':
    case 'restarts':
    case 'lateRecords':
    case 'undecodableRecords':
    case 'checkpointsCompleted':
    case 'checkpointsFailed':
      return metrics[metric];
    case 'lagMs':
      return metrics.watermark === null ? null : Math.max(0, Date.parse(metrics.at) - metrics.watermark);
    case 'recordsIn':
      return metrics.operators[0]?.recordsIn ?? null;
    case 'recordsOut':
      return metrics.operators.at(-1)?.recordsOut ?? null;
    case 'busy':
    case 'backpressured':
      return greatest(metrics.operators.map((operator) => operator[metric]));
    case 'lastCheckpointDurationMs':
      return metrics.lastCheckpoint?.durationMs ?? null;
    case 'lastCheckpointSizeBytes':
      return metrics.lastCheckpoint?.sizeBytes ?? null;
  }
}

/** What the gate remembers after a look: a restart, or an attempt more, begins the healthy time anew. */
export function seenAfter(
  before: GateSeen | null,
  now: { readonly at: string; readonly restarts: number; readonly attempts: number; readonly isUp: boolean },
): GateSeen {
  const { at, restarts, attempts, isUp } = now;
  if (before === null) return { since: at, restarts, attempts, triggered: false };
  // A new process counts from zero again.
  const total = attempts > before.attempts ? before.restarts + restarts : Math.max(before.restarts, restarts);
  const isSame = isUp && total === before.restarts && attempts === before.attempts;
  return isSame ? before : { ...before, since: at, restarts: total, attempts };
}

/** An attempt more is a restart too. */
function restartsOf({ restarts, attempts }: GateSeen): number {
  return restarts + attempts - 1;
}

function passedSentence(gate: UpgradeGate, { hasCheckpoint, metrics }: GateLook): string {
  const figures = gate.conditions.map(({ metric }) => {
    const figure = metrics === undefined ? null : gateFigure(metrics, metric);
    return `, ${metric} ${figure === null ? 'unknown' : rounded(figure)}`;
  });
  const checkpoint = hasCheckpoint ? ', with a checkpoint of its own' : '';
  return `The job has run for ${gate.healthyFor} without a restart${checkpoint}${figures.join('')}.`;
}

function greatest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function rounded(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}
