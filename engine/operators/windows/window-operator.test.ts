import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyGroupRange } from '../../data/key-groups.ts';
import { openState, restoreState, TableSnapshot } from '../../state/operator-state.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { aggregate, avg, count, max, min, sum } from '../../stream/aggregates.ts';
import type { Stream } from '../../stream/stream.ts';
import type { WindowTiming } from '../../stream/window-rows.ts';
import { sliding, tumbling } from '../../stream/windows.ts';
import { harness } from '../../testing/harness.ts';
import { type Columns, closurePaneFunctions, generatedPaneFunctions } from './pane-functions.ts';
import { windowEnds } from './window-assigner.ts';
import { WindowTable } from './window-table.ts';

interface Click {
  readonly page: string;
  readonly ms: number;
}

function perPage(timing: WindowTiming = {}) {
  return (clicks: Stream<Click>) =>
    clicks
      .keyBy((click) => click.page)
      .window(tumbling('10 ms'), timing)
      .aggregate('per-page', { clicks: count(), total: sum((click) => click.ms) });
}

const a = (ms: number): Click => ({ page: 'a', ms });

describe('a window', () => {
  test('fires when the watermark reaches its end - 1, once, and forgets', () => {
    const h = harness(perPage());
    h.push(a(1), 1);
    h.push(a(2), 9);
    h.watermark(8);
    expect(h.output()).toEqual([]);
    h.watermark(9);
    expect(h.output()).toEqual([{ key: 'a', start: 0, end: 10, clicks: 2, total: 3 }]);
    h.watermark(100);
    expect(h.output()).toEqual([]);
  });

  test('fires again for a late record within the lateness, and sends later ones aside', () => {
    const h = harness(perPage({ lateness: '5 ms' }));
    h.push(a(1), 1);
    h.watermark(13);
    h.push(a(2), 2);
    expect(h.output()).toEqual([
      { key: 'a', start: 0, end: 10, clicks: 1, total: 1 },
      { key: 'a', start: 0, end: 10, clicks: 2, total: 3 },
    ]);
    h.watermark(14);
    h.push(a(3), 3);
    expect(h.output()).toEqual([]);
    expect(h.side('late')).toEqual([a(3)]);
  });

  test('that fires early sends changed rows at its pace of processing time, and the final one at its end', () => {
    const h = harness(perPage({ early: '1 second' }));
    h.push(a(1), 1);
    h.push({ page: 'b', ms: 5 }, 2);
    h.advance('1 second');
    expect(h.output().map((row) => [row.key, row.clicks])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    h.advance('1 second');
    expect(h.output()).toEqual([]);
    h.push(a(1), 3);
    h.push(a(1), 4);
    h.advance('500 ms');
    expect(h.output()).toEqual([]);
    h.advance('500 ms');
    expect(h.output().map((row) => [row.key, row.clicks])).toEqual([['a', 3]]);
    h.watermark(9);
    expect(h.output().map((row) => [row.key, row.clicks])).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    h.advance('1 second');
    expect(h.output()).toEqual([]);
  });

  test('that fires early shows after a restore what it holds, since nobody knows what was shown', () => {
    const h = harness(perPage({ early: '1 second' }));
    h.push(a(1), 1);
    h.advance('1 second');
    h.restore(h.snapshot());
    h.advance('1 second');
    expect(h.output().map((row) => row.clicks)).toEqual([1]);
  });

  test('goes on counting after a restore at any parallelism', () => {
    const pages = Array.from({ length: 40 }, (_, index) => `page-${index}`);
    const h = harness(perPage(), { parallelism: 1 });
    for (const parallelism of [3, 2, 1]) {
      pages.forEach((page) => h.push({ page, ms: 1 }, 5));
      h.restore(h.snapshot(), { parallelism });
    }
    h.watermark(9);
    const rows = h.output();
    expect(rows.map((row) => row.key).sort()).toEqual(pages.toSorted());
    expect(rows.every((row) => row.clicks === 3)).toBe(true);
  });

  test('refuses a record without event time, and says what to do', () => {
    expect(() => harness(perPage()).push(a(1))).toThrow(
      'Operator "per-page" failed: the record has no event time; give the source a "time"',
    );
  });

  test('refuses keys that are no primitives', () => {
    const h = harness((clicks: Stream<Click>) =>
      clicks
        .keyBy(() => undefined as unknown as string)
        .window(tumbling('10 ms'))
        .aggregate('w', { n: count() }),
    );
    expect(() => h.push(a(1), 1)).toThrow(
      'keyBy gave undefined; a key must be a string, number, boolean or bigint',
    );
  });
});

describe('sliding windows', () => {
  test('hold every record in size / slide of them, the latest fired first by a late record', () => {
    const h = harness((clicks: Stream<Click>) =>
      clicks
        .keyBy((click) => click.page)
        .window(sliding('10 ms', '5 ms'), { lateness: '20 ms' })
        .aggregate('w', { n: count() }),
    );
    h.push(a(1), 7);
    h.watermark(20);
    expect(h.output().map((row) => row.start)).toEqual([0, 5]);
    h.push(a(1), 8);
    expect(h.output().map((row) => [row.start, row.n])).toEqual([
      [5, 2],
      [0, 2],
    ]);
  });

  test('of a time are exactly those that contain it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: -500, max: 500 }),
        (time, sizeMs, slideMs, offset) => {
          const offsetMs = offset % slideMs;
          const ends = windowEnds({ kind: 'sliding', sizeMs, slideMs, offsetMs })(time);
          for (const end of ends) {
            expect(end - sizeMs <= time && time < end).toBe(true);
            expect(Math.abs((end - sizeMs - offsetMs) % slideMs)).toBe(0);
          }
          expect(ends.length).toBeGreaterThanOrEqual(Math.floor(sizeMs / slideMs));
          expect(ends.length).toBeLessThanOrEqual(Math.ceil(sizeMs / slideMs));
          expect(ends).toEqual([...new Set(ends)].sort((left, right) => right - left));
        },
      ),
    );
  });
});

describe('aggregates', () => {
  const columns: Columns = Object.entries({
    n: count(),
    total: sum((x: number) => x),
    mean: avg((x: number) => x),
    low: min((x: number) => x),
    high: max((x: number) => x),
    all: aggregate({
      init: (): number[] => [],
      add: (list, x: number) => [...list, x],
      result: (list) => list.length,
    }),
    __proto__x: count(),
  });

  test('give the same by generated code and by closures', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), (numbers) => {
        const rows = [generatedPaneFunctions(columns), closurePaneFunctions(columns)].map((functions) => {
          const pane = functions.create(1, 'k', 10);
          numbers.forEach((x) => functions.add(pane, x));
          return functions.row(pane, 0);
        });
        expect(rows[0]).toEqual(rows[1]);
        expect(rows[0]).toMatchObject({
          key: 'k',
          start: 0,
          end: 10,
          n: numbers.length,
          all: numbers.length,
        });
      }),
    );
  });

  test('a snapshot of windows is their state at its begin, whatever records and firings come between its steps', () => {
    const owner = {
      operatorId: 'w',
      operatorName: 'w',
      subtask: 0,
      parallelism: 1,
      maxParallelism: 128,
      keyGroups: keyGroupRange(0, 128, 1),
    };
    const functions = generatedPaneFunctions(columns);
    const record = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(10, 20, 30), fc.integer());
    const add = (table: WindowTable, [key, end, x]: readonly [string, number, number]): void => {
      const pane = table.buckets.get(end)?.get(key) ?? table.insert(key, end);
      table.touch(pane);
      functions.add(pane, x);
    };
    const content = (table: WindowTable) =>
      [...table.buckets.values()]
        .flatMap((bucket) => [...bucket.values()].map((pane) => JSON.stringify(functions.row(pane, 0))))
        .sort();
    fc.assert(
      fc.property(
        fc.array(record),
        fc.array(fc.oneof(record, fc.constantFrom(10, 20, 30))),
        (before, during) => {
          const [table, twin] = [new WindowTable(columns, functions), new WindowTable(columns, functions)];
          before.forEach((each) => [table, twin].forEach((to) => add(to, each)));
          const snapshot = new TableSnapshot(openState(owner, [table]), { now: () => 0 });
          for (const each of during) {
            if (typeof each === 'number') {
              table.drop(each);
            } else {
              add(table, each);
            }
            table.emitSome(1);
          }
          while (!snapshot.step(0)) {
            // Until all is written.
          }
          const parts: readonly SnapshotPart[] = snapshot.take();
          const copy = new WindowTable(columns, functions);
          restoreState({ parts: () => parts }, owner, [copy]);
          expect(content(copy)).toEqual(content(twin));
        },
      ),
    );
  });

  test('that changed since the snapshot are refused', () => {
    const h = harness(perPage());
    h.push(a(1), 1);
    const changed = harness((clicks: Stream<Click>) =>
      clicks
        .keyBy((click) => click.page)
        .window(tumbling('10 ms'))
        .aggregate('per-page', { clicks: count() }),
    );
    expect(() => changed.restore(h.snapshot())).toThrow(
      'Cannot restore state "windows" of operator "per-page": its windows were written with clicks: count, total: sum, the program declares clicks: count',
    );
  });
});
