import { describe, expect, it } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import type { Sink, Source } from '../connectors/connector.ts';
import { t } from '../data/built-in-types.ts';
import { BATCH_SIZE } from '../data/record-batch.ts';
import { application, count, tumbling } from '../index.ts';
import { Deployment } from './job-runs.fixture.ts';

const Tick = t.row({ from: t.string, at: t.int });
type Tick = { readonly from: string; readonly at: number };

interface Feed {
  readonly from: string;
  readonly splits?: number;
  readonly count?: number;
  /** Event time between two records of a split. */
  readonly stepMs: number;
  readonly ratePerSecond?: number;
}

function ticks({ from, stepMs, ...options }: Feed): Source<Tick> {
  return generator({
    schema: Tick,
    record: (index, split) => ({ from: `${from}${split}`, at: index * stepMs }),
    time: ({ at }) => at,
    ...options,
  });
}

/** Splits that are in the list of the source and never bring a record, though more may come. */
function withSilent<T>(source: Source<T>, silent: string): Source<T> {
  const { splitTime: _, ...rest } = source;
  return {
    ...rest,
    reader: (host, subtask) => {
      const reader = source.reader(host, subtask);
      return {
        add: (split) => (split.id === silent ? undefined : reader.add(split)),
        poll: (batch) => reader.poll(batch),
        pause: (splits) => reader.pause?.(splits),
        onAvailable: (wake) => reader.onAvailable(wake),
        positions: () => reader.positions(),
        close: () => reader.close(),
      };
    },
  };
}

/** Takes ticks in the order in which they arrive. */
function arrivals(into: Tick[]): Sink<Tick> {
  return sink((tick) => void into.push(tick));
}

function sink<T>(write: (value: T) => void): Sink<T> {
  return {
    connector: 'list',
    guarantee: 'at-least-once',
    options: {},
    writer: () => ({
      write,
      pending: 0,
      highWater: 0,
      flush: () => Promise.resolve(),
      onAvailable: () => undefined,
      close: () => Promise.resolve(),
    }),
  };
}

/** The furthest that records of one split were ahead of the latest of another when they arrived. */
function driftOf(arrived: readonly Tick[], froms: readonly string[]): number {
  const latest = new Map(froms.map((from) => [from, 0]));
  let drift = 0;
  for (const { from, at } of arrived) {
    latest.set(from, at);
    drift = Math.max(drift, at - Math.min(...latest.values()));
  }
  return drift;
}

const align = { group: 'ticks', maxDrift: '10 seconds' } as const;
const SLOW: Feed = { from: 'slow', stepMs: 1000, count: 300, ratePerSecond: 50 };

describe('sources of one group', () => {
  it.each([1, 2])('stay within their drift, with parallelism %i', async (parallelism) => {
    const arrived: Tick[] = [];
    const fast: Feed = { from: 'fast', stepMs: 10, count: 30_000 };
    const program = application('aligned', {
      build({ source }) {
        const slow = source('slow', ticks(SLOW), { idle: '1 minute', align });
        source('fast', ticks(fast), { idle: '1 minute', align }).union(slow).to(arrivals(arrived), 'out');
      },
    });
    const run = await new Deployment().start({}, { application: { application: program }, parallelism });
    await run.toEnd();
    expect(arrived).toHaveLength(30_300);
    const drift = driftOf(arrived, ['slow0', 'fast0']);
    // A batch is read as a whole, and the watermark of the slow source is told five times a second.
    expect(drift).toBeLessThanOrEqual(10_000 + BATCH_SIZE * fast.stepMs + 200 * (SLOW.ratePerSecond ?? 0));
    // And the fast one was not held back further than that.
    expect(drift).toBeGreaterThan(9000);
  });

  it('run far apart where they are not aligned', async () => {
    const arrived: Tick[] = [];
    const program = application('apart', {
      build({ source }) {
        const slow = source('slow', ticks(SLOW));
        source('fast', ticks({ from: 'fast', stepMs: 10, count: 30_000 }))
          .union(slow)
          .to(arrivals(arrived));
      },
    });
    const run = await new Deployment().start({}, { application: { application: program }, parallelism: 1 });
    await run.toEnd();
    expect(driftOf(arrived, ['slow0', 'fast0'])).toBeGreaterThan(200_000);
  });

  it('hold back the splits that are ahead and read the others of the same subtask', async () => {
    const arrived: Tick[] = [];
    const uneven = generator({
      schema: Tick,
      record: (index, split) => ({ from: `s${split}`, at: index * (split === 0 ? 100 : 10) }),
      time: ({ at }) => at,
      count: 6000,
      splits: 2,
    });
    const program = application('uneven', {
      build: ({ source }) =>
        source('ticks', uneven, { idle: '1 minute', align }).to(arrivals(arrived), 'out'),
    });
    const run = await new Deployment().start({}, { application: { application: program }, parallelism: 1 });
    expect(await run.toEnd()).toMatchObject({ state: 'FINISHED' });
    // Once the slow one has ended nobody holds the other back.
    const together = arrived.slice(
      0,
      arrived.findLastIndex(({ from }) => from === 's1'),
    );
    expect(driftOf(together, ['s0', 's1'])).toBeLessThanOrEqual(10_000 + 2 * BATCH_SIZE * 100);
    expect(arrived).toHaveLength(12_000);
  });

  it('neither wait for a silent split nor count wrongly for it', async () => {
    const rows: { readonly key: string; readonly start: number; readonly n: number }[] = [];
    const loud: Feed = { from: 'loud', stepMs: 100, splits: 3, ratePerSecond: 200 };
    const late: string[] = [];
    const program = application('silent', {
      build({ source }) {
        const options = { idle: '2 seconds', align } as const;
        const other = source('other', ticks({ ...loud, from: 'other' }), options);
        const windowed = source('loud', withSilent(ticks(loud), '1'), options)
          .union(other)
          .keyBy(({ from }) => from)
          .window(tumbling('10 seconds'))
          .aggregate('per-split', { n: count() });
        windowed.to(
          sink((row) => void rows.push(row)),
          'rows',
        );
        windowed.sides.late.to(
          sink(({ from }) => void late.push(from)),
          'late',
        );
      },
    });
    const run = await new Deployment().start({}, { application: { application: program }, parallelism: 2 });
    await run.host.runFor(20_000);
    // Two seconds of silence, then everything flows: 20 s of the clock are 400 s of event time.
    const keys = new Set(rows.map(({ key }) => key));
    expect([...keys].sort()).toEqual(['loud0', 'loud2', 'other0', 'other1', 'other2']);
    expect(Math.max(...rows.map(({ start }) => start))).toBeGreaterThan(350_000);
    expect([new Set(rows.map(({ n }) => n)), late]).toEqual([new Set([100]), []]);
  });
});
