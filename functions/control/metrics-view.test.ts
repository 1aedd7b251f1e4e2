import { expect, test } from 'vitest';
import { AggregatedMetrics, JobDetail } from '../gateway/flink-answers.ts';
import { jobProgress } from './job-figures.ts';
import { metricsView, unreachableMetrics } from './metrics-view.ts';

const at = '2026-11-21T12:00:00.000Z';
const vertex = (id: string, status = 'RUNNING') => ({ id, name: id, parallelism: 2, status });
const detail = JobDetail.parse({
  jid: 'f'.repeat(32),
  name: 'clicks',
  state: 'RUNNING',
  vertices: [vertex('source'), vertex('sink')],
  plan: { nodes: [{ id: 'source' }, { id: 'sink', inputs: [{ id: 'source' }] }] },
});
const metrics = (values: Record<string, unknown>) =>
  AggregatedMetrics.parse(
    Object.entries(values).map(([id, value]) => ({ id, min: value, sum: value, avg: value })),
  );
const view = (source: Record<string, unknown>, sink: Record<string, unknown>) =>
  metricsView(at, {
    detail,
    checkpoints: undefined,
    job: undefined,
    vertices: new Map([
      ['source', metrics(source)],
      ['sink', metrics(sink)],
    ]),
  });

test('records come in at sources and go out at sinks', () => {
  const figures = view(
    { numRecordsInPerSecond: 10, numRecordsOutPerSecond: 9 },
    { numRecordsOutPerSecond: 2 },
  );
  expect(figures).toMatchObject({ recordsInPerSecond: 10, recordsOutPerSecond: 2 });
});

test('a source of Flink, which counts only what it emits, is read by that', () => {
  const figures = view({ numRecordsInPerSecond: 0, numRecordsOutPerSecond: 9 }, {});
  expect(figures.recordsInPerSecond).toBe(9);
});

test('the watermark is the least of all, and none yet is null', () => {
  expect(view({ currentOutputWatermark: 2000 }, { currentInputWatermark: 1500 }).watermark).toBe(1500);
  const none = { currentOutputWatermark: -9_223_372_036_854_775_808 };
  expect(view(none, none).watermark).toBeNull();
});

test('what is not known is null and never zero', () => {
  const figures = view({ numRecordsInPerSecond: 'NaN' }, {});
  expect(figures).toMatchObject({ recordsInPerSecond: null, lateRecords: null, checkpointsCompleted: null });
  expect(figures.operators[0]).toMatchObject({ busy: null, watermark: null });
  expect(unreachableMetrics(at, null, 'why')).toMatchObject({ restarts: null, unreachable: 'why' });
});

test('shares stay between nothing and all', () => {
  const { operators } = view({ busyTimeMsPerSecond: 1004, backPressuredTimeMsPerSecond: 250 }, {});
  expect(operators[0]).toMatchObject({ busy: 1, backpressured: 0.25 });
});

test('a job is up only when every vertex runs', () => {
  const restoring = { ...detail, vertices: [vertex('source'), vertex('sink', 'INITIALIZING')] };
  expect(jobProgress(detail)).toBe('up');
  expect(jobProgress(restoring)).toBe('coming');
  expect(jobProgress({ ...detail, state: 'RESTARTING' })).toBe('coming');
  expect(jobProgress({ ...detail, state: 'FAILED' })).toBe('ended');
});
