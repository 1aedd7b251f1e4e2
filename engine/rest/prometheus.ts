/** Metrics of the worker in Prometheus' text format, version 0.0.4; `docs` and dashboards rely on the names. */
import type { JobStatusView, OperatorCounters, SplitView, SubtaskView } from '../runtime/job-status.ts';
import { counter, gauge, type Metric, metricText, PROMETHEUS_TYPE, type Sample } from './prometheus-text.ts';
import type { RestContext, WorkerResources } from './rest-context.ts';
import { threadMetrics } from './thread-metrics.ts';
import type { RestReply } from './router.ts';

export function prometheusText(context: RestContext): RestReply {
  const job = context.job.status();
  // Once: threads give their delays since they were asked last.
  const resources = context.resources();
  const metrics = [
    ...jobLevel(job),
    ...checkpointLevel(job),
    ...subtaskLevel(job),
    ...splitLevel(job),
    ...operatorLevel(job),
    ...worker(resources),
    ...threadMetrics(resources.coordinator, job.threads ?? []),
  ];
  const text = metrics.map(metricText).join('');
  return { text, contentType: PROMETHEUS_TYPE };
}

function jobLevel(job: JobStatusView): Metric[] {
  const labels = { job: job.name, job_id: job.id };
  const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ labels, value }]);
  const { counts, latest } = job.checkpoints;
  const state = { labels: { ...labels, state: job.state }, value: 1 };
  return [
    gauge('headwater_job_state', 'The state of the job, as a label; always 1.', [state]),
    counter(
      'headwater_job_restarts_total',
      'Restarts of the job by its own restart strategy.',
      one(job.restarts),
    ),
    counter(
      'headwater_checkpoints_completed_total',
      'Checkpoints and savepoints that completed.',
      one(counts.completed),
    ),
    counter(
      'headwater_checkpoints_failed_total',
      'Checkpoints and savepoints that failed.',
      one(counts.failed),
    ),
    gauge('headwater_dead_letters', 'Records that the job goes on without.', one(job.deadLetters.length)),
    gauge(
      'headwater_checkpoint_duration_ms',
      'Duration of the last completed checkpoint.',
      one(latest.completed?.durationMs),
    ),
    gauge(
      'headwater_checkpoint_state_bytes',
      'State in the last completed checkpoint.',
      one(latest.completed?.stateBytes),
    ),
    gauge(
      'headwater_checkpoint_completed_timestamp_ms',
      'When the last checkpoint completed.',
      one(latest.completed?.endedAtMs),
    ),
  ];
}

/** Of the last completed checkpoint: what each operator chain keeps, and what its slowest subtask waited for. */
function checkpointLevel(job: JobStatusView): Metric[] {
  const vertices = Object.entries(job.checkpoints.latest.completed?.vertices ?? {}).map(([id, vertex]) => ({
    labels: { job: job.name, vertex: job.vertices.find((each) => each.id === id)?.name ?? id },
    vertex,
  }));
  const phase = (name: 'startDelayMs' | 'alignmentMs' | 'syncMs' | 'asyncMs'): Sample[] =>
    vertices.map(({ labels, vertex }) => ({
      labels: { ...labels, phase: name.replace('Ms', '') },
      value: Math.max(0, ...vertex.acknowledgements.map((each) => each[name])),
    }));
  return [
    gauge(
      'headwater_checkpoint_chain_bytes',
      'State of a chain of operators in the last completed checkpoint.',
      vertices.map(({ labels, vertex }) => ({ labels, value: vertex.stateBytes })),
    ),
    gauge(
      'headwater_checkpoint_phase_ms',
      'Time that the slowest subtask of a chain spent in a phase of the last completed checkpoint.',
      [...phase('startDelayMs'), ...phase('alignmentMs'), ...phase('syncMs'), ...phase('asyncMs')],
    ),
  ];
}

type SubtaskNumber = readonly [
  name: string,
  help: string,
  value: (subtask: SubtaskView) => number | undefined,
];

const COUNTERS: readonly SubtaskNumber[] = [
  ['headwater_records_in_total', 'Records that a subtask received.', (subtask) => subtask.recordsIn],
  ['headwater_records_out_total', 'Records that a subtask emitted.', (subtask) => subtask.recordsOut],
  ['headwater_bytes_in_total', 'Bytes that a subtask received.', (subtask) => subtask.bytesIn],
  ['headwater_bytes_out_total', 'Bytes that a subtask emitted.', (subtask) => subtask.bytesOut],
  [
    'headwater_late_records_total',
    'Records behind the watermark that no window took.',
    (subtask) => subtask.lateRecords,
  ],
  [
    'headwater_undecodable_records_total',
    'Input that was no record of its schema.',
    (subtask) => subtask.undecodableRecords,
  ],
  ['headwater_busy_ms_total', 'Time in which a subtask worked.', (subtask) => subtask.busyMs],
  [
    'headwater_backpressured_ms_total',
    'Time in which a subtask waited for its outputs.',
    (subtask) => subtask.backpressuredMs,
  ],
  ['headwater_idle_ms_total', 'Time in which a subtask had nothing to do.', (subtask) => subtask.idleMs],
];

const GAUGES: readonly SubtaskNumber[] = [
  [
    'headwater_input_watermark_ms',
    'Watermark of a subtask, in event time.',
    (subtask) => realWatermark(subtask.inputWatermark),
  ],
  [
    'headwater_output_watermark_ms',
    'Watermark that a subtask sent on.',
    (subtask) => realWatermark(subtask.outputWatermark),
  ],
  [
    'headwater_source_lag_ms',
    'How far a source is behind the end of its splits.',
    (subtask) => subtask.lagMs,
  ],
];

function subtaskLevel(job: JobStatusView): Metric[] {
  const samples = (value: SubtaskNumber[2]): Sample[] =>
    job.vertices.flatMap((vertex) =>
      vertex.subtasks.flatMap((subtask) => {
        const number = value(subtask);
        const labels = { job: job.name, vertex: vertex.name, subtask: String(subtask.subtask) };
        return number === undefined ? [] : [{ labels, value: number }];
      }),
    );
  return [
    ...COUNTERS.map(([name, help, value]) => counter(name, help, samples(value))),
    ...GAUGES.map(([name, help, value]) => gauge(name, help, samples(value))),
  ];
}

/** How far sources are in each of their splits. */
function splitLevel(job: JobStatusView): Metric[] {
  const samples = (value: (split: SplitView) => number | undefined): Sample[] =>
    job.vertices.flatMap(({ name, subtasks }) =>
      subtasks.flatMap(({ splits = [] }) =>
        splits.flatMap((split) => {
          const number = value(split);
          const labels = { job: job.name, vertex: name, split: split.id };
          return number === undefined ? [] : [{ labels, value: number }];
        }),
      ),
    );
  return [
    gauge(
      'headwater_split_watermark_ms',
      'Watermark of a split of a source, in event time.',
      samples(({ watermark }) => realWatermark(watermark)),
    ),
    gauge(
      'headwater_split_lag_ms',
      'How far the reader of a split is behind its end.',
      samples(({ lagMs }) => lagMs),
    ),
  ];
}

function operatorLevel(job: JobStatusView): Metric[] {
  const samples = (valueOf: (operator: OperatorCounters) => number): Sample[] =>
    job.vertices.flatMap((vertex) =>
      vertex.subtasks.flatMap((subtask) =>
        subtask.operators.map((operator) => ({
          labels: { job: job.name, operator: operator.name, subtask: String(subtask.subtask) },
          value: valueOf(operator),
        })),
      ),
    );
  return [
    gauge(
      'headwater_state_entries',
      'Entries in the keyed state of an operator.',
      samples(({ stateEntries }) => stateEntries),
    ),
    gauge(
      'headwater_state_bytes',
      'What a snapshot of the state of an operator would take, about, before it is compressed.',
      samples(({ stateBytes }) => stateBytes),
    ),
  ];
}

function worker({ residentBytes, heapUsedBytes }: WorkerResources): Metric[] {
  return [
    gauge('headwater_worker_resident_bytes', 'Resident memory of the worker.', [
      { labels: {}, value: residentBytes },
    ]),
    gauge('headwater_worker_heap_bytes', 'Used heap of the main thread.', [
      { labels: {}, value: heapUsedBytes },
    ]),
  ];
}

// Before the first and after the last record a watermark is a mark, not a time.
function realWatermark(watermark: number | undefined): number | undefined {
  return watermark !== undefined && Math.abs(watermark) < Number.MAX_SAFE_INTEGER ? watermark : undefined;
}
