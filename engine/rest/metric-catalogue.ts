/** The metrics of the job in Flink's names: those that its operator's autoscaler and its console ask for. */
import type { JobStatusView, OperatorCounters, SubtaskView, ThreadFigures } from '../runtime/job-status.ts';
import type { WorkerResources } from './rest-context.ts';
import { watermarkText } from './vertex-views.ts';

/** Values as text, since Flink's plain lists have them so. */
export type MetricValues = ReadonlyMap<string, string>;

export function jobMetrics(job: JobStatusView, now: number): MetricValues {
  const { counts, latest } = job.checkpoints;
  const running = job.state === 'RUNNING';
  const since = job.timestamps.RUNNING ?? job.startedAtMs;
  return texts({
    uptime: running ? now - since : 0,
    downtime: running ? 0 : now - (job.timestamps[job.state] ?? now),
    numRestarts: job.restarts,
    fullRestarts: job.restarts,
    lastCheckpointDuration: latest.completed?.durationMs ?? -1,
    lastCheckpointSize: latest.completed?.writtenBytes ?? -1,
    lastCheckpointFullSize: latest.completed?.stateBytes ?? -1,
    lastCompletedCheckpointId: latest.completed?.id ?? -1,
    lastCheckpointRestoreTimestamp: latest.restored?.atMs ?? -1,
    totalNumberOfCheckpoints: counts.total,
    numberOfCompletedCheckpoints: counts.completed,
    numberOfFailedCheckpoints: counts.failed,
    numberOfInProgressCheckpoints: counts.inProgress,
  });
}

/** What a TaskManager measures of its JVM; the worker's process and all of its threads. */
export function workerMetrics(resources: WorkerResources, threads: readonly ThreadFigures[]): MetricValues {
  const all = [resources.coordinator, ...threads].filter((thread) => thread !== undefined);
  const total = (value: (thread: ThreadFigures) => number): number =>
    all.reduce((sum, thread) => sum + value(thread), 0);
  return texts({
    'Status.JVM.Memory.Heap.Used': total(({ heapUsedBytes }) => heapUsedBytes) || resources.heapUsedBytes,
    'Status.JVM.Memory.Heap.Committed':
      total(({ heapTotalBytes }) => heapTotalBytes) || resources.heapCommittedBytes,
    'Status.JVM.Memory.Heap.Max': total(({ heapMaxBytes }) => heapMaxBytes) || resources.heapMaxBytes,
    'Status.JVM.Memory.Direct.MemoryUsed': total(({ externalBytes }) => externalBytes),
    'Status.JVM.GarbageCollector.All.Count': total(({ collections }) => collections),
    'Status.JVM.GarbageCollector.All.Time': total(({ collectionMs }) => collectionMs),
    'Status.JVM.Threads.Count': all.length,
    'System.Memory.Resident': resources.residentBytes,
    'System.EventLoop.DelayMax': Math.max(0, ...all.map(({ loopDelayMsMax }) => loopDelayMsMax)),
  });
}

/** Metrics of one subtask and, with their names before, of the operators inside. */
export function subtaskMetrics(subtask: SubtaskView, now: number): MetricValues {
  const task = texts({
    busyTimeMsPerSecond: Math.round(subtask.busyMsPerSecond),
    backPressuredTimeMsPerSecond: Math.round(subtask.backpressuredMsPerSecond),
    idleTimeMsPerSecond: Math.round(subtask.idleMsPerSecond),
    numRecordsIn: subtask.recordsIn,
    numRecordsOut: subtask.recordsOut,
    numRecordsInPerSecond: subtask.recordsInPerSecond,
    numRecordsOutPerSecond: subtask.recordsOutPerSecond,
    numBytesIn: subtask.bytesIn,
    numBytesOut: subtask.bytesOut,
    numBytesInPerSecond: subtask.bytesInPerSecond,
    numBytesOutPerSecond: subtask.bytesOutPerSecond,
    numLateRecordsDropped: subtask.lateRecords,
    numRecordsInErrors: subtask.undecodableRecords,
    currentInputWatermark: watermarkText(subtask.inputWatermark),
    currentOutputWatermark: watermarkText(subtask.outputWatermark),
    ...(subtask.lagMs === undefined ? {} : { currentFetchEventTimeLag: subtask.lagMs }),
    ...emitLag(subtask, now),
  });
  const operators = subtask.operators.flatMap((operator) => [...operatorMetrics(operator)]);
  return new Map([...task, ...operators]);
}

/** How far event time is behind the clock, in the split that is furthest behind. */
function emitLag({ splits = [] }: SubtaskView, now: number): Readonly<Record<string, number>> {
  const watermarks = splits.flatMap(({ watermark }) => watermark ?? []);
  return watermarks.length === 0 ? {} : { currentEmitEventTimeLag: now - Math.min(...watermarks) };
}

/** `<subtask>.<metric>` of every subtask of a vertex. */
export function vertexMetrics(subtasks: readonly SubtaskView[], now: number): MetricValues {
  return new Map(
    subtasks.flatMap((subtask) =>
      [...subtaskMetrics(subtask, now)].map(([id, value]): [string, string] => [
        `${subtask.subtask}.${id}`,
        value,
      ]),
    ),
  );
}

function operatorMetrics(operator: OperatorCounters): MetricValues {
  // Flink replaces what its metric scopes cannot hold.
  const name = operator.name.replaceAll(/[^\w-]/g, '_');
  return texts({
    [`${name}.numRecordsIn`]: operator.recordsIn,
    [`${name}.numRecordsOut`]: operator.recordsOut,
    [`${name}.numLateRecordsDropped`]: operator.lateRecords,
    [`${name}.stateEntries`]: operator.stateEntries,
    [`${name}.stateBytes`]: operator.stateBytes,
  });
}

function texts(values: Readonly<Record<string, number | string>>): MetricValues {
  return new Map(Object.entries(values).map(([id, value]) => [id, String(value)]));
}
