/** Checkpoints of one amount of state, in a process of its own: `node checkpoint-run.ts OPTIONS` prints figures as JSON. */
import { setTimeout as delay } from 'node:timers/promises';
import { InMemoryStorage } from '../../engine/runtime/in-memory-storage.ts';
import { quantile } from '../benchmark.ts';
import type { CheckpointFigures, CheckpointRunOptions } from './checkpoint-figures.ts';
import { type Gap, preciseNow } from './pulse.ts';
import { StateJob } from './state-job.ts';

const PHASE_MS = 4000;
const PAIRS = 3;
const INTERVAL_MS = 1000;

async function run({ keys, keyKind, hotKeys }: CheckpointRunOptions): Promise<CheckpointFigures> {
  const storage = new InMemoryStorage();
  const configuration = { keys, hotKeys, ratePerSecond: 0, keyKind };
  const job = await StateJob.start({ configuration, storage, epoch: 1 });
  await job.until(() => job.loaded !== undefined);
  await delay(1000);
  const loaded = job.loaded;
  const whole = await job.checkpoint();
  const wholeGaps = during(job.gaps, { from: whole.atMs - whole.durationMs, to: whole.atMs });
  const losses = await pairedLosses(job);
  const small = job.completed.slice(1);
  const smallGaps = small.flatMap((each) =>
    during(job.gaps, { from: each.atMs - each.durationMs, to: each.atMs }),
  );
  const quietGaps = losses.quietGaps;
  const savepoint = await job.savepoint('savepoints/first');
  await job.stop();
  const restoredMs = await restore({ keys, keyKind, hotKeys }, storage, 2, 'savepoints/first');
  const emptyMs = await restore({ keys, keyKind, hotKeys }, storage, 3, undefined);
  return {
    bytesPerKey: loaded === undefined ? Number.NaN : (loaded.loadedBytes - loaded.emptyBytes) / keys,
    wholePauseMs: { p99: quantile(lengths(wholeGaps), 0.99), max: Math.max(0, ...lengths(wholeGaps)) },
    smallPauseMs: { p99: quantile(lengths(smallGaps), 0.99), max: Math.max(0, ...lengths(smallGaps)) },
    quietPauseMs: { p99: quantile(lengths(quietGaps), 0.99), max: Math.max(0, ...lengths(quietGaps)) },
    wholeMs: whole.durationMs,
    wholeBytes: whole.bytes,
    lostShare: losses.share,
    smallMs: quantile(
      small.map(({ durationMs }) => durationMs),
      0.99,
    ),
    smallBytes: quantile(
      small.map(({ bytes }) => bytes),
      0.5,
    ),
    savepointMs: savepoint.ms,
    restoreMs: restoredMs - emptyMs,
  };
}

/** Seconds with checkpoints and seconds without take turns, so that the machine's mood falls on both. */
async function pairedLosses(
  job: StateJob,
): Promise<{ readonly share: number; readonly quietGaps: readonly Gap[] }> {
  const shares: number[] = [];
  const quietGaps: Gap[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const from = preciseNow();
    const without = await rateOver(job, () => Promise.resolve());
    quietGaps.push(...during(job.gaps, { from, to: preciseNow() }));
    const withThem = await rateOver(job, async () => {
      await job.checkpoint();
    });
    shares.push(1 - withThem / without);
  }
  return { share: quantile(shares, 0.5), quietGaps };
}

/** Records a second, while something is done every second. */
async function rateOver(job: StateJob, task: () => Promise<void>): Promise<number> {
  const [records, begun] = [job.records, preciseNow()];
  while (preciseNow() - begun < PHASE_MS) {
    const next = preciseNow() + INTERVAL_MS;
    await task();
    await delay(Math.max(0, next - preciseNow()));
  }
  return ((job.records - records) * 1000) / (preciseNow() - begun);
}

/** From the start of a job until its first record behind what it was restored from. */
async function restore(
  options: CheckpointRunOptions,
  storage: InMemoryStorage,
  epoch: number,
  savepoint: string | undefined,
): Promise<number> {
  // A job without state loads one key in place of all.
  const keys = savepoint === undefined ? 1 : options.keys;
  const job = await StateJob.start({
    configuration: { keys, hotKeys: options.hotKeys, ratePerSecond: 0, keyKind: options.keyKind },
    storage,
    epoch,
    ...(savepoint === undefined ? {} : { restore: { kind: 'manifest', location: savepoint } }),
  });
  await job.until(() => job.records > 0);
  const ms = preciseNow() - job.startedAtMs;
  await job.stop();
  return ms;
}

function during(gaps: readonly Gap[], { from, to }: { readonly from: number; readonly to: number }): Gap[] {
  return gaps.filter(({ atMs, lengthMs }) => atMs + lengthMs >= from && atMs <= to);
}

function lengths(gaps: readonly Gap[]): number[] {
  return gaps.map(({ lengthMs }) => lengthMs);
}

// The options are what checkpoint.ts gave.
const figures = await run(JSON.parse(process.argv[2] ?? '') as CheckpointRunOptions);
process.stdout.write(`${JSON.stringify(figures)}\n`);
