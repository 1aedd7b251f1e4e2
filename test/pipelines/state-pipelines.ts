import { t } from '#engine/data/built-in-types.ts';
import { list, map, reducing, value } from '#engine/stream/state-cells.ts';
import type { Dice } from './dice.ts';
import { grouped, RowType, startOf, summed, type Pipeline } from './pipeline.ts';
import { ReadingType } from './reading.ts';

/** Running totals per key, in three kinds of cells that must agree with each other. */
export function counters(): Pipeline {
  return {
    name: 'counters',
    running: true,
    build: (readings) =>
      readings
        .keyBy((reading) => reading.key)
        .process('counters', {
          output: RowType,
          state: {
            count: value(t.int),
            total: reducing(t.int, (left, right) => left + right),
            perNumber: map(t.int, t.int),
          },
          onRecord(reading, { key, state, emit }) {
            const { count, total, perNumber } = state;
            count.set((count.get() ?? 0) + 1);
            total.add(reading.n);
            perNumber.set(reading.n, (perNumber.get(reading.n) ?? 0) + 1);
            emit({ id: key, value: `${count.get()}/${total.get()}` });
            emit({ id: `${key}#${reading.n}`, value: String(perNumber.get(reading.n)) });
          },
        }),
    expected(readings) {
      const rows = new Map<string, string>();
      for (const [key, own] of grouped(readings, (reading) => reading.key)) rows.set(key, summed(own));
      for (const [id, own] of grouped(readings, ({ key, n }) => `${key}#${n}`))
        rows.set(id, String(own.length));
      return rows;
    },
  };
}

/**
 * Windows made by hand: a timer and a map entry for each, removed when the timer fires; the cell that counts open
 * ones is cleared with the last. So state comes and goes all the time.
 */
export function timers(dice: Dice): Pipeline {
  const sizeMs = dice.pick([500, 1000, 4000]);
  return {
    name: `timers every ${sizeMs} ms`,
    build: (readings) =>
      readings
        .keyBy((reading) => reading.key)
        .process('buckets', {
          output: RowType,
          state: { buckets: map(t.instant, t.row({ n: t.int, total: t.int })), open: value(t.int) },
          timers: ['close'],
          onRecord({ at, n }, { state, timers: { close } }) {
            const start = startOf(at, sizeMs);
            const bucket = state.buckets.get(start);
            if (bucket === undefined) state.open.set((state.open.get() ?? 0) + 1);
            state.buckets.set(start, { n: (bucket?.n ?? 0) + 1, total: (bucket?.total ?? 0) + n });
            close.add(start + sizeMs - 1);
          },
          onTimer(_, { key, time, state, emit }) {
            const start = time - sizeMs + 1;
            const bucket = state.buckets.get(start);
            emit({
              id: `${key}/${start}`,
              value: bucket === undefined ? 'nothing' : `${bucket.n}/${bucket.total}`,
            });
            state.buckets.delete(start);
            const open = (state.open.get() ?? 0) - 1;
            if (open === 0) state.open.clear();
            else state.open.set(open);
          },
        }),
    expected: (readings) => bucketTotals(readings, sizeMs),
  };
}

/** The readings themselves, kept in a list until the timer of their bucket takes them out. */
export function lists(dice: Dice): Pipeline {
  const sizeMs = dice.pick([1000, 3000]);
  return {
    name: `lists for ${sizeMs} ms`,
    build: (readings) =>
      readings
        .keyBy((reading) => reading.key)
        .process('waiting', {
          output: RowType,
          state: { waiting: list(ReadingType) },
          timers: ['close'],
          onRecord(reading, { state, timers: { close } }) {
            state.waiting.push(reading);
            close.add(startOf(reading.at, sizeMs) + sizeMs - 1);
          },
          onTimer(_, { key, time, state, emit }) {
            const waiting = [...state.waiting];
            const start = time - sizeMs + 1;
            const due = waiting.filter(({ at }) => startOf(at, sizeMs) === start);
            state.waiting.set(waiting.filter(({ at }) => startOf(at, sizeMs) !== start));
            emit({ id: `${key}/${start}`, value: summed(due) });
          },
        }),
    expected: (readings) => bucketTotals(readings, sizeMs),
  };
}

function bucketTotals(
  readings: Parameters<Pipeline['expected']>[0],
  sizeMs: number,
): ReadonlyMap<string, string> {
  const buckets = grouped(readings, ({ key, at }) => `${key}/${startOf(at, sizeMs)}`);
  return new Map([...buckets].map(([id, own]) => [id, summed(own)]));
}
