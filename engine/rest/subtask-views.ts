import type { SubtaskView } from '../runtime/job-status.ts';

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
