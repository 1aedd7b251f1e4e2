import type { DeploymentMetrics, OperatorMetrics } from '#contract/resources/metrics.ts';
import type { CheckpointEntry, JobDetail, JobFigures } from './job-figures.ts';

/** Names of the metrics that a vertex is asked for. */
export const vertexMetricNames = [
  'numRecordsIn',
  'numRecordsOut',
  'numRecordsInPerSecond',
  'numRecordsOutPerSecond',
  'busyTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
  'currentInputWatermark',
  'currentOutputWatermark',
  'numLateRecordsDropped',
  'numRecordsInErrors',
] as const;

type VertexMetric = (typeof vertexMetricNames)[number];
type Aggregate = 'min' | 'max' | 'sum' | 'avg';

/** Figures of a deployment whose job cannot be reached: nothing is known, which is not zero. */
export function unreachableMetrics(at: string, jobId: string | null, reason: string): DeploymentMetrics {
  return {
    at,
    jobId,
    jobState: null,
    restarts: null,
    recordsInPerSecond: null,
    recordsOutPerSecond: null,
    watermark: null,
    lateRecords: null,
    undecodableRecords: null,
    operators: [],
    checkpointsCompleted: null,
    checkpointsFailed: null,
    lastCheckpoint: null,
    checkpoints: [],
    unreachable: reason,
  };
}

/** The answers of a job as the figures of its deployment. */
export function metricsView(at: string, figures: JobFigures): DeploymentMetrics {
  const { detail, checkpoints } = figures;
  const operators = detail.vertices.map((vertex) => operatorMetrics(vertex, figures));
  const sources = operators.filter(({ vertexId }) => isSource(detail, vertexId));
  const sinks = operators.filter(({ vertexId }) => isSink(detail, vertexId));
  const latest = checkpoints?.latest.completed;
  return {
    at,
    jobId: detail.jid,
    jobState: detail.state,
    restarts: figures.job?.find(({ id }) => id === 'numRestarts')?.value ?? null,
    recordsInPerSecond: total(sources.map(readRate)),
    recordsOutPerSecond: total(sinks.map((sink) => sink.recordsOutPerSecond)),
    watermark: least(operators.map((operator) => operator.watermark)),
    lateRecords: total(operators.map((operator) => operator.lateRecords)),
    undecodableRecords: total(operators.map((operator) => operator.undecodableRecords)),
    operators,
    checkpointsCompleted: checkpoints?.counts.completed ?? null,
    checkpointsFailed: checkpoints?.counts.failed ?? null,
    lastCheckpoint: latest === undefined || latest === null ? null : checkpointSummary(latest),
    checkpoints: checkpoints?.history.map(checkpointSummary) ?? [],
    unreachable: null,
  };
}

function operatorMetrics(vertex: JobDetail['vertices'][number], figures: JobFigures): OperatorMetrics {
  const metrics = figures.vertices.get(vertex.id) ?? [];
  const read = (name: VertexMetric, aggregate: Aggregate): number | null =>
    metrics.find(({ id }) => id === name)?.[aggregate] ?? null;
  return {
    vertexId: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    state: vertex.status,
    recordsIn: read('numRecordsIn', 'sum') ?? vertex.metrics?.['read-records'] ?? 0,
    recordsOut: read('numRecordsOut', 'sum') ?? vertex.metrics?.['write-records'] ?? 0,
    recordsInPerSecond: read('numRecordsInPerSecond', 'sum'),
    recordsOutPerSecond: read('numRecordsOutPerSecond', 'sum'),
    busy: share(read('busyTimeMsPerSecond', 'avg')),
    backpressured: share(read('backPressuredTimeMsPerSecond', 'avg')),
    watermark:
      watermark(read('currentOutputWatermark', 'min')) ?? watermark(read('currentInputWatermark', 'min')),
    lateRecords: read('numLateRecordsDropped', 'sum'),
    undecodableRecords: read('numRecordsInErrors', 'sum'),
  };
}

/** Flink counts what a source emits, our engine also what it reads, before any of it was filtered. */
function readRate(source: OperatorMetrics): number | null {
  const { recordsInPerSecond, recordsOutPerSecond } = source;
  return recordsInPerSecond === null || recordsInPerSecond === 0 ? recordsOutPerSecond : recordsInPerSecond;
}

function isSource({ plan }: JobDetail, vertexId: string): boolean {
  const node = plan?.nodes.find(({ id }) => id === vertexId);
  return node !== undefined && (node.inputs ?? []).length === 0;
}

function isSink({ plan }: JobDetail, vertexId: string): boolean {
  const feeds = plan?.nodes.some((node) => node.inputs?.some(({ id }) => id === vertexId));
  return feeds === false;
}

function share(msPerSecond: number | null): number | null {
  return msPerSecond === null ? null : Math.min(1, Math.max(0, msPerSecond / 1000));
}

/** Java's smallest and largest long stand for "none yet" and for the end of the stream. */
function watermark(value: number | null): number | null {
  return value === null || !Number.isSafeInteger(value) || value <= Number.MIN_SAFE_INTEGER ? null : value;
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function total(values: readonly (number | null)[]): number | null {
  const numbers = known(values);
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0);
}

function least(values: readonly (number | null)[]): number | null {
  const numbers = known(values);
  return numbers.length === 0 ? null : Math.min(...numbers);
}

const checkpointStates: Readonly<Record<string, 'in-progress' | 'completed' | 'failed'>> = {
  IN_PROGRESS: 'in-progress',
  COMPLETED: 'completed',
  FAILED: 'failed',
};

function checkpointSummary(entry: CheckpointEntry): DeploymentMetrics['checkpoints'][number] {
  return {
    id: entry.id,
    state: checkpointStates[entry.status] ?? 'failed',
    isSavepoint: entry.is_savepoint,
    triggeredAt: new Date(entry.trigger_timestamp).toISOString(),
    durationMs: entry.end_to_end_duration ?? 0,
    sizeBytes: entry.state_size ?? entry.checkpointed_size ?? 0,
    failure: entry.failure_message ?? null,
  };
}
