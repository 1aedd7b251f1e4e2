/** Live figures of a fake job: they move with the clock and stay plausible. */
import type { GraphDescription } from '#contract/resources/application-version.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentMetrics, OperatorMetrics } from '#contract/resources/metrics.ts';
import { iso } from './fake-seed.ts';

const CHECKPOINT_MS = 10_000;

/** What each task of the payments graph does to the rate of its source. */
const shares: Readonly<Record<string, readonly [number, number, number]>> = {
  payments: [1, 0.97, 0.31],
  'per-country': [0.97, 0.004, 0.74],
  'per-source': [0.97, 0.02, 0.46],
  'late-payments': [0.0004, 0.0004, 0.01],
};

export function fakeMetrics(
  deployment: Deployment,
  graph: GraphDescription,
  recordsIn: number,
): DeploymentMetrics {
  const now = Date.now();
  const live = deployment.status.state === 'running';
  if (!live) return nothing(deployment, now);
  const rate = 48_200 + 3100 * Math.sin(now / 9000) + 700 * Math.sin(now / 1700);
  const operators = graph.nodes
    .filter((node) => node.name in shares)
    .map((node): OperatorMetrics => {
      const [input, output, busy] = shares[node.name] ?? [0, 0, 0];
      return {
        vertexId: node.id,
        name: node.name,
        parallelism: deployment.spec.parallelism,
        state: 'RUNNING',
        recordsIn: Math.round(recordsIn * input),
        recordsOut: Math.round(recordsIn * output),
        recordsInPerSecond: rate * input,
        recordsOutPerSecond: rate * output,
        busy: busy * (0.94 + 0.06 * Math.sin(now / 2500)),
        backpressured: node.name === 'payments' ? 0.06 : 0,
        watermark: now - 5400,
        lateRecords: node.name === 'per-country' ? 212 : 0,
        undecodableRecords: node.name === 'payments' ? 3 : 0,
      };
    });
  return {
    at: iso(now),
    jobId: deployment.status.jobId,
    jobState: 'RUNNING',
    restarts: 0,
    recordsInPerSecond: rate,
    recordsOutPerSecond: rate * 0.024,
    watermark: now - 5400,
    lateRecords: 212,
    undecodableRecords: deployment.name.includes('staging') ? 3 : 0,
    operators,
    checkpointsCompleted: 9311,
    checkpointsFailed: 1,
    ...checkpoints(now),
    unreachable: null,
  };
}

function checkpoints(now: number): Pick<DeploymentMetrics, 'lastCheckpoint' | 'checkpoints'> {
  const newest = Math.floor(now / CHECKPOINT_MS);
  const list = Array.from({ length: 40 }, (_, index) => {
    const id = newest - index;
    const failed = id % 37 === 0;
    return {
      id: id % 100_000,
      state: failed ? ('failed' as const) : ('completed' as const),
      isSavepoint: id % 23 === 0,
      triggeredAt: iso(id * CHECKPOINT_MS),
      durationMs: 180 + ((id * 7919) % 240),
      sizeBytes: 1_380_000 + ((id * 104_729) % 90_000),
      failure: failed ? 'Subtask 1 of "per-country" sent no acknowledgement within 10 seconds' : null,
    };
  });
  return { lastCheckpoint: list[0] ?? null, checkpoints: list };
}

function nothing(deployment: Deployment, now: number): DeploymentMetrics {
  return {
    at: iso(now),
    jobId: deployment.status.jobId,
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
    unreachable: 'The job cannot be asked while an operation is under way',
  };
}
