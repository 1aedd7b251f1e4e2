import { t } from '#engine/data/built-in-types.ts';
import { value } from '#engine/stream/state-cells.ts';
import { tumbling } from '#engine/stream/windows.ts';
import type { Dice } from './dice.ts';
import { grouped, RowType, startOf, type Pipeline } from './pipeline.ts';
import type { Reading } from './reading.ts';

const PairType = t.row({ key: t.string, product: t.int });

/** Even with odd readings of a key that are near each other, counted per key behind a second exchange. */
export function intervalJoin(dice: Dice): Pipeline {
  const lowerMs = -dice.pick([0, 500, 1500]);
  const upperMs = dice.pick([0, 1000, 2500]);
  return {
    name: `interval join [${lowerMs}, ${upperMs}] ms`,
    running: true,
    build(readings) {
      const [left, right] = sides(readings);
      return left
        .intervalJoin(right, { lower: `${lowerMs} ms`, upper: `${upperMs} ms` })
        .process('pairs', {
          output: PairType,
          onPair(even, odd, { key, emit }) {
            emit({ key, product: even.n * odd.n });
          },
        })
        .keyBy((pair) => pair.key)
        .process('paired', {
          output: RowType,
          state: { pairs: value(t.row({ n: t.int, products: t.int })) },
          onRecord({ product }, { key, state, emit }) {
            const { n, products } = state.pairs.get() ?? { n: 0, products: 0 };
            state.pairs.set({ n: n + 1, products: products + product });
            emit({ id: key, value: `${n + 1}/${products + product}` });
          },
        });
    },
    expected(readings) {
      const rows = new Map<string, string>();
      for (const [key, own] of grouped(readings, (reading) => reading.key)) {
        const pairs = pairsOf(own, (even, odd) => {
          const apart = odd.at - even.at;
          return apart >= lowerMs && apart <= upperMs;
        });
        if (pairs.length > 0) rows.set(key, `${pairs.length}/${pairs.reduce((sum, each) => sum + each, 0)}`);
      }
      return rows;
    },
  };
}

/** Even and odd readings of a key side by side in one window. */
export function coGroup(dice: Dice): Pipeline {
  const sizeMs = dice.pick([1000, 4000]);
  return {
    name: `co-group in ${sizeMs} ms`,
    build(readings) {
      const [left, right] = sides(readings);
      return left.coGroup(right, tumbling(`${sizeMs} ms`)).process('both', {
        output: RowType,
        onWindow(evens, odds, { key, window, emit }) {
          const start = window === 'global' ? 0 : window.start;
          emit({ id: `${key}/${start}`, value: `${evens.length}:${odds.length}` });
        },
      });
    },
    expected(readings) {
      const windows = grouped(readings, ({ key, at }) => `${key}/${startOf(at, sizeMs)}`);
      return new Map(
        [...windows].map(([id, own]) => {
          const evens = own.filter(isEven).length;
          return [id, `${evens}:${own.length - evens}`];
        }),
      );
    },
  };
}

function sides(readings: Parameters<Pipeline['build']>[0]) {
  return [
    readings.filter(isEven, 'even').keyBy((reading) => reading.key),
    readings.filter((reading) => !isEven(reading), 'odd').keyBy((reading) => reading.key),
  ] as const;
}

function isEven({ n }: Reading): boolean {
  return n % 2 === 0;
}

/** The products of all pairs that join. */
function pairsOf(readings: readonly Reading[], joins: (even: Reading, odd: Reading) => boolean): number[] {
  const odds = readings.filter((reading) => !isEven(reading));
  return readings
    .filter(isEven)
    .flatMap((even) => odds.filter((odd) => joins(even, odd)).map((odd) => even.n * odd.n));
}
