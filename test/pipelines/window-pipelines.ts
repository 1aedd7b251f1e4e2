import { count, sum } from '#engine/stream/aggregates.ts';
import { session, sliding, tumbling, type Window } from '#engine/stream/windows.ts';
import type { Dice } from './dice.ts';
import { grouped, RowType, startOf, summed, type Pipeline } from './pipeline.ts';
import type { Reading } from './reading.ts';

const SIZES = [1000, 2000, 5000, 12_000];

/** Count and sum per key and tumbling window, as an aggregate or from the window's own records. */
export function tumblingWindows(dice: Dice): Pipeline {
  const sizeMs = dice.pick(SIZES);
  const holdsRecords = dice.chance(0.4);
  return {
    name: `tumbling ${sizeMs} ms${holdsRecords ? ', records held' : ''}`,
    build: (readings) => aggregated(readings, tumbling(`${sizeMs} ms`), holdsRecords),
    expected: (readings) => slidingTotals(readings, sizeMs, sizeMs),
  };
}

/** The same for windows that overlap. */
export function slidingWindows(dice: Dice): Pipeline {
  const slideMs = dice.pick([1000, 2000]);
  const sizeMs = slideMs * dice.whole(2, 4);
  const holdsRecords = dice.chance(0.3);
  return {
    name: `sliding ${sizeMs} by ${slideMs} ms${holdsRecords ? ', records held' : ''}`,
    build: (readings) => aggregated(readings, sliding(`${sizeMs} ms`, `${slideMs} ms`), holdsRecords),
    expected: (readings) => slidingTotals(readings, sizeMs, slideMs),
  };
}

/** Count and sum per key and session. */
export function sessionWindows(dice: Dice): Pipeline {
  const gapMs = dice.pick([507, 1007, 3007]);
  const holdsRecords = dice.chance(0.4);
  return {
    name: `sessions ${gapMs} ms${holdsRecords ? ', records held' : ''}`,
    build: (readings) => aggregated(readings, session(`${gapMs} ms`), holdsRecords),
    expected(readings) {
      const rows = new Map<string, string>();
      for (const [key, own] of grouped(readings, (reading) => reading.key)) {
        for (const run of sessionsOf(own, gapMs)) rows.set(`${key}/${run[0]?.at ?? 0}`, summed(run));
      }
      return rows;
    },
  };
}

type Readings = Parameters<Pipeline['build']>[0];

function aggregated(
  readings: Readings,
  window: Window,
  holdsRecords: boolean,
): ReturnType<Pipeline['build']> {
  const windowed = readings.keyBy((reading) => reading.key).window(window);
  if (holdsRecords) {
    return windowed.process('windows', {
      output: RowType,
      onWindow(records, ctx) {
        const start = ctx.window === 'global' ? 0 : ctx.window.start;
        ctx.emit({ id: `${ctx.key}/${start}`, value: summed(records) });
      },
    });
  }
  return windowed
    .aggregate('windows', { n: count(), total: sum((reading) => reading.n) })
    .map((row) => ({ id: `${row.key}/${row.start}`, value: `${row.n}/${row.total}` }), 'rows');
}

function slidingTotals(
  readings: readonly Reading[],
  sizeMs: number,
  slideMs: number,
): ReadonlyMap<string, string> {
  const windows = new Map<string, Reading[]>();
  for (const reading of readings) {
    for (let start = startOf(reading.at, slideMs); start > reading.at - sizeMs; start -= slideMs) {
      const id = `${reading.key}/${start}`;
      windows.set(id, [...(windows.get(id) ?? []), reading]);
    }
  }
  return new Map([...windows].map(([id, own]) => [id, summed(own)]));
}

function sessionsOf(readings: readonly Reading[], gapMs: number): Reading[][] {
  const runs: Reading[][] = [];
  for (const reading of readings.toSorted((left, right) => left.at - right.at)) {
    const last = runs.at(-1);
    if (last !== undefined && reading.at - (last.at(-1)?.at ?? 0) <= gapMs) last.push(reading);
    else runs.push([reading]);
  }
  return runs;
}
