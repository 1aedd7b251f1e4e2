import { describe, expect, it } from 'vitest';
import type { Sink } from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { BATCH_SIZE } from '../data/record-batch.ts';
import { application, t } from '../index.ts';
import type { RunnableApplication } from './application-ref.ts';
import { Deployment, type Run } from './job-runs.fixture.ts';
import type { JobOptions } from './job-options.ts';

const Tick = t.row({ key: t.int, at: t.instant });
const [RATE, SINK_RATE, HIGH_WATER, PARALLELISM] = [20_000, 100, 64, 2];

/** What a slow service has taken, and the most that its writers ever had in hand. */
interface Taken {
  written: number;
  pending: number;
}

/** A service that takes a hundredth of what the source could give. */
function slowSink(taken: Taken): Sink<never> {
  return {
    connector: 'slow',
    guarantee: 'at-least-once',
    options: {},
    writer: (host) => {
      let [added, done] = [0, 0];
      let closed = false;
      let wake: () => void = () => undefined;
      let flushes: { readonly until: number; readonly resolve: () => void }[] = [];
      const take = (): void => {
        if (closed) return;
        if (done < added) {
          done += 1;
          taken.written += 1;
          if (added - done <= HIGH_WATER) wake();
        }
        for (const { until, resolve } of flushes) if (until <= done) resolve();
        flushes = flushes.filter(({ until }) => until > done);
        host.schedule(1000 / SINK_RATE, take);
      };
      take();
      return {
        write: () => {
          added += 1;
          taken.pending = Math.max(taken.pending, added - done);
        },
        get pending() {
          return added - done;
        },
        highWater: HIGH_WATER,
        flush: () =>
          new Promise<void>((resolve) => {
            if (done === added) resolve();
            else flushes.push({ until: added, resolve });
          }),
        onAvailable: (task) => {
          wake = task;
        },
        close: () => {
          closed = true;
          return Promise.resolve();
        },
      };
    },
  };
}

function ticks(sink: Sink<never>): RunnableApplication {
  return application('ticks', {
    build({ source }) {
      const feed = generator({
        schema: Tick,
        record: (index, split) => ({ key: index * 7 + split, at: 1_700_000_000_000 + index }),
        time: ({ at }) => at,
        splits: 2,
        ratePerSecond: RATE,
      });
      source('ticks', feed)
        .keyBy(({ key }) => key % 101)
        .process('pass', {
          output: Tick,
          onRecord(tick, { emit }) {
            emit(tick);
          },
        })
        .to(sink, 'slow');
    },
  });
}

async function start(taken: Taken, more: Partial<JobOptions>): Promise<Run> {
  const options = { parallelism: PARALLELISM, checkpointIntervalMs: 10_000, ...more };
  return new Deployment().start({}, { application: { application: ticks(slowSink(taken)) }, ...options });
}

/** Records that have left the source and are not written. */
function between(run: Run, { written }: Taken): number {
  const [source] = run.job.status().vertices;
  const read = source?.subtasks.reduce((sum, { recordsOut }) => sum + recordsOut, 0) ?? 0;
  return read - written;
}

function durations(run: Run): readonly number[] {
  const { history } = run.job.status().checkpoints;
  return history.filter(({ status }) => status === 'completed').map(({ durationMs }) => durationMs);
}

describe('a sink at a hundredth of the speed of its source', () => {
  it('has as much before it after four minutes as after one, and no checkpoint waits for that', async () => {
    const taken = { written: 0, pending: 0 };
    const run = await start(taken, { unalignedAfterMs: 1000 });
    for (let minute = 0; minute < 4; minute += 1) {
      await run.host.runFor(60_000);
      // Eight batches in each channel, and what was being written when they were full.
      expect(between(run, taken)).toBeLessThan(PARALLELISM ** 2 * 9 * BATCH_SIZE);
    }
    expect(taken.pending).toBeLessThanOrEqual(HIGH_WATER + BATCH_SIZE);
    const { counts } = run.job.status().checkpoints;
    expect([counts.failed, counts.completed > 20]).toEqual([0, true]);
    // They wait for what the sink had in hand, and for nothing else.
    const flushMs = ((HIGH_WATER + BATCH_SIZE) / SINK_RATE) * 1000;
    expect(Math.max(...durations(run))).toBeLessThan(1000 + flushMs + 500);
    const [source] = run.job.status().vertices;
    for (const { backpressuredMsPerSecond } of source?.subtasks ?? [])
      expect(backpressuredMsPerSecond).toBeGreaterThan(900);
  }, 60_000);

  it('makes checkpoints wait for all of it where barriers overtake nothing', async () => {
    const run = await start({ written: 0, pending: 0 }, {});
    await run.host.runFor(80_000);
    expect(Math.min(...durations(run))).toBeGreaterThan(10_000);
  }, 60_000);
});
