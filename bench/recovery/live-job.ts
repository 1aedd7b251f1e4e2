import { setTimeout as delay } from 'node:timers/promises';
import { InMemoryStorage } from '../../engine/runtime/in-memory-storage.ts';
import { type Measurement, median, quantile } from '../benchmark.ts';
import { preciseNow } from '../state/pulse.ts';
import { StateJob } from '../state/state-job.ts';

/** About 100 MB. */
const KEYS = 1_000_000;
/** Records a second, half of what such a job can take. */
const RATE = 200_000;
const TIMES = 5;
const QUIET_MS = 2000;
const SETTLED_MS = 1000;

/** Savepoints of a job whose last checkpoint holds nearly all of its chunks. */
export async function measureSavepoint(): Promise<readonly Measurement[]> {
  const job = await started();
  try {
    const times: number[] = [];
    const pauses: number[] = [];
    await job.checkpoint();
    for (let number = 0; number < TIMES; number++) {
      await job.checkpoint();
      const begun = preciseNow();
      times.push((await job.savepoint(`savepoints/${number}`)).ms);
      await delay(SETTLED_MS);
      pauses.push(job.longestPauseMs(begun));
    }
    return [
      {
        name: 'savepoint of 100 MB',
        value: median(times) / 1000,
        unit: 's',
        note: `longest ${(quantile(times, 1) / 1000).toFixed(2)} s; aim 0.2`,
      },
      {
        name: 'savepoint, output pause',
        value: median(pauses),
        unit: 'ms',
        note: `longest ${quantile(pauses, 1).toFixed(0)} ms; aim 20`,
      },
    ];
  } finally {
    await job.stop();
  }
}

/** From one subtask to two, while records come. */
export async function measureRescale(): Promise<readonly Measurement[]> {
  const gaps: number[] = [];
  for (let number = 0; number < TIMES; number++) {
    const job = await started();
    try {
      await job.checkpoint();
      const begun = preciseNow();
      await job.job.rescale(2);
      await job.until(() => job.outputs.some(({ firstMs }) => firstMs > begun));
      await delay(SETTLED_MS);
      gaps.push(job.longestPauseMs(begun));
    } finally {
      await job.stop();
    }
  }
  const note = `longest ${(quantile(gaps, 1) / 1000).toFixed(2)} s; aim 1`;
  return [{ name: 'rescale from 1 to 2 at 100 MB, gap', value: median(gaps) / 1000, unit: 's', note }];
}

async function started(): Promise<StateJob> {
  const job = await StateJob.start({
    configuration: { keys: KEYS, hotKeys: KEYS / 10, ratePerSecond: RATE, keyKind: 'string' },
    storage: new InMemoryStorage(),
    epoch: 1,
  });
  await job.until(() => job.loaded !== undefined);
  await delay(QUIET_MS);
  return job;
}
