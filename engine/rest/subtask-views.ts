import type { SubtaskView } from '../runtime/job-status.ts';
import { quantile } from './number-summary.ts';

/** Flink's states of a task; ours are a part of them. */
export const EXECUTION_STATES = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'RECONCILING',
  'INITIALIZING',
] as const;

export function statusCounts(subtasks: readonly SubtaskView[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(EXECUTION_STATES.map((state) => [state, 0]));
  for (const subtask of subtasks) {
    counts[subtask.state] = (counts[subtask.state] ?? 0) + 1;
  }
  return counts;
}

/** Sums over subtasks; `…-complete` says that the number is there, not that it is final. */
export function ioMetrics(subtasks: readonly SubtaskView[]): Record<string, number | boolean> {
  return {
    'read-bytes': total(subtasks, 'bytesIn'),
    'read-bytes-complete': true,
    'write-bytes': total(subtasks, 'bytesOut'),
    'write-bytes-complete': true,
    'read-records': total(subtasks, 'recordsIn'),
    'read-records-complete': true,
    'write-records': total(subtasks, 'recordsOut'),
    'write-records-complete': true,
    'accumulated-backpressured-time': Math.round(total(subtasks, 'backpressuredMs')),
    'accumulated-idle-time': Math.round(total(subtasks, 'idleMs')),
    'accumulated-busy-time': Math.round(total(subtasks, 'busyMs')),
  };
}

export function subtaskView(subtask: SubtaskView, now: number): object {
  const duration = Math.max(0, (subtask.endedAtMs ?? now) - subtask.startedAtMs);
  return {
    subtask: subtask.subtask,
    status: subtask.state,
    attempt: subtask.attempt,
    endpoint: 'worker',
    'start-time': subtask.startedAtMs,
    // The same number twice, since Flink has both spellings.
    start_time: subtask.startedAtMs,
    'end-time': subtask.endedAtMs ?? -1,
    duration,
    metrics: ioMetrics([subtask]),
    'taskmanager-id': 'worker',
    'status-duration': Object.fromEntries(
      EXECUTION_STATES.map((state) => [state, state === subtask.state ? duration : -1]),
    ),
  };
}

/** Every number of the subtasks, summed up over them. */
export function aggregated(subtasks: readonly SubtaskView[], now: number): object {
  const metrics = subtasks.map((subtask) => Object.entries(ioMetrics([subtask])));
  const names = (metrics[0] ?? []).filter(([, value]) => typeof value === 'number').map(([name]) => name);
  return {
    metrics: Object.fromEntries(
      names.map((name) => [
        name,
        statisticsOf(metrics.map((each) => Number(Object.fromEntries(each)[name] ?? 0))),
      ]),
    ),
    'status-duration': Object.fromEntries(
      EXECUTION_STATES.map((state) => [
        state,
        statisticsOf(
          subtasks
            .filter((subtask) => subtask.state === state)
            .map(({ startedAtMs, endedAtMs }) => Math.max(0, (endedAtMs ?? now) - startedAtMs)),
        ),
      ]),
    ),
  };
}

function statisticsOf(values: readonly number[]): Record<string, number> {
  const sorted = values.toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  const of = (share: number): number =>
    Number(quantile(sorted, share) === 'NaN' ? 0 : quantile(sorted, share));
  return {
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    avg: sorted.length === 0 ? 0 : Math.round(sum / sorted.length),
    sum,
    median: of(0.5),
    p25: of(0.25),
    p75: of(0.75),
    p95: of(0.95),
  };
}

type CountedField =
  | 'bytesIn'
  | 'bytesOut'
  | 'recordsIn'
  | 'recordsOut'
  | 'busyMs'
  | 'idleMs'
  | 'backpressuredMs';

function total(subtasks: readonly SubtaskView[], field: CountedField): number {
  return subtasks.reduce((sum, subtask) => sum + subtask[field], 0);
}
