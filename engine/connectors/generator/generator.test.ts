import { describe, expect, test } from 'vitest';
import { NO_TIME, recordBatch } from '../../data/record-batch.ts';
import { t } from '../../data/built-in-types.ts';
import type { PolledBatch, Split, SplitReader } from '../connector.ts';
import { TestConnectorHost } from '../connector-host.fixture.ts';
import { generator } from './index.ts';
import type { GeneratorOptions } from './index.ts';

const numbers = (more: Partial<GeneratorOptions<number>> = {}) =>
  generator({ schema: t.int, record: (index, split) => split * 1_000_000 + index, ...more });

function open(
  options: Partial<GeneratorOptions<number>>,
  splits: readonly Split[],
  host = new TestConnectorHost(),
): SplitReader<number> {
  const reader = numbers(options).reader(host, 0);
  for (const split of splits) reader.add(split);
  return reader;
}

interface Drained {
  readonly values: unknown[];
  readonly polls: PolledBatch[];
}

function drain(reader: SplitReader<number>): Drained {
  const batch = recordBatch();
  const values: unknown[] = [];
  const polls: PolledBatch[] = [];
  for (let polled = reader.poll(batch); polled !== undefined; polled = reader.poll(batch)) {
    values.push(...batch.values.slice(0, batch.size));
    polls.push(polled);
  }
  return { values, polls };
}

describe('a generator', () => {
  test('passes over paused splits, and goes on with them where they were', () => {
    const reader = open({ count: 2, splits: 2 }, [
      { id: '0', position: '' },
      { id: '1', position: '1' },
    ]);
    reader.pause?.(new Set(['0']));
    expect(drain(reader).values).toEqual([1_000_001]);
    expect(reader.positions()[0]).toEqual({ id: '0', position: '0' });
    reader.pause?.(new Set());
    expect(drain(reader).values).toEqual([0, 1]);
  });

  test('offers each split once', async () => {
    const enumerator = numbers({ splits: 2 }).enumerator(new TestConnectorHost());
    expect(await enumerator.discover(new Map())).toEqual([
      { id: '0', position: '' },
      { id: '1', position: '' },
    ]);
    expect(await enumerator.discover(new Map([['0', true]]))).toEqual([{ id: '1', position: '' }]);
  });

  test('makes every record of a bounded split once and then tells its end once', () => {
    const { values, polls } = drain(open({ count: 600 }, [{ id: '0', position: '' }]));
    expect(values).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(polls.filter((polled) => polled.finished)).toHaveLength(1);
  });

  test('goes on at its position, with the records that it would have made', () => {
    const reader = open({ count: 600 }, [{ id: '1', position: '' }]);
    reader.poll(recordBatch());
    const [position] = reader.positions();
    expect(position).toEqual({ id: '1', position: '256' });
    expect(drain(open({ count: 600 }, position === undefined ? [] : [position])).values[0]).toBe(1_000_256);
  });

  test('says that a split is finished when it is restored behind its end', () => {
    const reader = open({ count: 3 }, [{ id: '0', position: '' }]);
    drain(reader);
    expect(reader.positions()).toEqual([{ id: '0', position: '4', finished: true }]);
  });

  test('tells the end of an empty split', () => {
    expect(drain(open({ count: 0 }, [{ id: '0', position: '' }])).polls).toMatchObject([{ finished: true }]);
  });

  test('reads its splits in turn', () => {
    const { polls } = drain(
      open({ count: 512, splits: 2 }, [
        { id: '0', position: '' },
        { id: '1', position: '' },
      ]),
    );
    expect(polls.slice(0, 4).map((polled) => polled.split)).toEqual(['1', '0', '1', '0']);
  });

  test('keeps to its rate and wakes the reader when records are due', async () => {
    const host = new TestConnectorHost();
    const reader = open({ ratePerSecond: 100 }, [{ id: '0', position: '' }], host);
    let woken = 0;
    reader.onAvailable(() => (woken += 1));
    expect(drain(reader).values).toEqual([]);
    await host.advance(50);
    expect(woken).toBe(1);
    expect(drain(reader).values).toEqual([0, 1, 2, 3, 4]);
  });

  test('gives records no time of its own', () => {
    const batch = recordBatch();
    open({ count: 1 }, [{ id: '0', position: '' }]).poll(batch);
    expect(batch.times[0]).toBe(NO_TIME);
  });
});
