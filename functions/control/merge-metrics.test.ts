import { expect, test } from 'vitest';
import { deploymentMetrics, mergeMetrics } from './merge-metrics.ts';

const text = (value: number): string =>
  [
    '# HELP headwater_records_in_total Records that a subtask received.',
    '# TYPE headwater_records_in_total counter',
    `headwater_records_in_total{job="a",vertex="x -> {y}"} ${value}`,
    '# HELP headwater_worker_resident_bytes Resident memory of the worker.',
    '# TYPE headwater_worker_resident_bytes gauge',
    'headwater_worker_resident_bytes 5',
    '',
  ].join('\n');

test('metrics of two jobs stand together by name, each with its deployment', () => {
  const merged = mergeMetrics([
    { namespace: 'default', deployment: 'one', text: text(1) },
    { namespace: 'default', deployment: 'two', text: text(2) },
  ]);
  expect(merged).toBe(
    `# HELP headwater_records_in_total Records that a subtask received.
# TYPE headwater_records_in_total counter
headwater_records_in_total{namespace="default",deployment="one",job="a",vertex="x -> {y}"} 1
headwater_records_in_total{namespace="default",deployment="two",job="a",vertex="x -> {y}"} 2
# HELP headwater_worker_resident_bytes Resident memory of the worker.
# TYPE headwater_worker_resident_bytes gauge
headwater_worker_resident_bytes{namespace="default",deployment="one"} 5
headwater_worker_resident_bytes{namespace="default",deployment="two"} 5
`,
  );
});

test('a line that is no sample is left out, and no job gives no text', () => {
  expect(mergeMetrics([{ namespace: 'default', deployment: 'one', text: '<html>\nx y z\n' }])).toBe('');
  expect(mergeMetrics([])).toBe('');
});

test('deployments are counted by namespace and state', () => {
  const states = ['running', 'running', 'failed'].map((state) => ({ namespace: 'default', state }));
  expect(deploymentMetrics(states)).toContain(
    'headwater_deployments{namespace="default",state="running"} 2\nheadwater_deployments{namespace="default",state="failed"} 1\n',
  );
});
