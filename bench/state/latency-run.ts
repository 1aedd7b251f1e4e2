/** Delays of records, in a process of its own: `node latency-run.ts OPTIONS` prints figures as JSON. */
import { setTimeout as delay } from 'node:timers/promises';
import { InMemoryStorage } from '../../engine/runtime/in-memory-storage.ts';
import type { LatencyFigures, LatencyRunOptions } from './latency-figures.ts';
import { preciseNow } from './pulse.ts';
import { StateJob } from './state-job.ts';

const INTERVAL_MS = 5000;
const WARM_UP_MS = 3000;
const CAPACITY_MS = 3000;

async function run({ keys, seconds }: LatencyRunOptions): Promise<LatencyFigures> {
  const configuration = { keys, hotKeys: keys, keyKind: 'number' } as const;
  const capacity = await capacityOf({ ...configuration, ratePerSecond: 0 });
  const rate = Math.round(capacity / 2);
  const job = await StateJob.start({
    configuration: { ...configuration, ratePerSecond: rate },
    storage: new InMemoryStorage(),
    epoch: 1,
    checkpointIntervalMs: INTERVAL_MS,
  });
  await job.until(() => job.loaded !== undefined);
  // The first checkpoint writes everything; it counts as well as those of changes.
  await delay(WARM_UP_MS);
  job.delays.length = 0;
  const completed = job.completed.length;
  await delay(seconds * 1000);
  const sorted = sortedDelays(job.delays);
  const { loaded } = job;
  const checkpoints = job.completed.length - completed;
  await job.stop();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    capacity,
    rate,
    stateBytes: loaded === undefined ? Number.NaN : loaded.loadedBytes - loaded.emptyBytes,
    checkpoints,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    max: at(1),
  };
}

/** Records a second that the same job takes when it gets as many as it can, without checkpoints. */
async function capacityOf(
  configuration: Parameters<typeof StateJob.start>[0]['configuration'],
): Promise<number> {
  const job = await StateJob.start({ configuration, storage: new InMemoryStorage(), epoch: 1 });
  await job.until(() => job.loaded !== undefined);
  await delay(WARM_UP_MS);
  const [records, begun] = [job.records, preciseNow()];
  await delay(CAPACITY_MS);
  const capacity = ((job.records - records) * 1000) / (preciseNow() - begun);
  await job.stop();
  return capacity;
}

function sortedDelays(delays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(delays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of delays) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}

// The options are what latency.ts gave.
const figures = await run(JSON.parse(process.argv[2] ?? '') as LatencyRunOptions);
process.stdout.write(`${JSON.stringify(figures)}\n`);
