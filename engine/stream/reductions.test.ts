import { describe, expect, expectTypeOf, test } from 'vitest';
import { Decimal } from '../data/decimal.ts';
import { t } from '../data/built-in-types.ts';
import { harness } from '../testing/harness.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { application } from './application.ts';
import type { FieldOf } from './reductions.ts';
import type { KeyedStream, Stream } from './stream.ts';

interface Bid {
  readonly item: string;
  readonly price: number;
  readonly by: string;
}

type Reduction = (bids: KeyedStream<Bid, string>) => Stream<Bid>;

/** What a reduction gives for bids on one item, as price and bidder. */
function reduced(reduction: Reduction, bids: readonly (readonly [price: number, by: string])[]) {
  const h = harness((all: Stream<Bid>) => reduction(all.keyBy((bid) => bid.item)));
  for (const [price, by] of bids) {
    h.push({ item: 'a', price, by });
  }
  return h.output().map(({ price, by }) => [price, by]);
}

const bids = [
  [5, 'p'],
  [3, 'q'],
  [8, 'r'],
  [3, 's'],
  [8, 't'],
] as const;

describe('a rolling reduction', () => {
  test.each<[string, Reduction, readonly (readonly [number, string])[]]>([
    [
      'sum keeps the first record and adds the field',
      (b) => b.sum('op', 'price'),
      [
        [5, 'p'],
        [8, 'p'],
        [16, 'p'],
        [19, 'p'],
        [27, 'p'],
      ],
    ],
    [
      'min keeps the first record but for the field',
      (b) => b.min('op', 'price'),
      [
        [5, 'p'],
        [3, 'p'],
        [3, 'p'],
        [3, 'p'],
        [3, 'p'],
      ],
    ],
    [
      'max keeps the first record but for the field',
      (b) => b.max('op', 'price'),
      [
        [5, 'p'],
        [5, 'p'],
        [8, 'p'],
        [8, 'p'],
        [8, 'p'],
      ],
    ],
    [
      'minBy keeps the first of the cheapest',
      (b) => b.minBy('op', 'price'),
      [
        [5, 'p'],
        [3, 'q'],
        [3, 'q'],
        [3, 'q'],
        [3, 'q'],
      ],
    ],
    [
      'minBy keeps the last of the cheapest',
      (b) => b.minBy('op', 'price', { tie: 'last' }),
      [
        [5, 'p'],
        [3, 'q'],
        [3, 'q'],
        [3, 's'],
        [3, 's'],
      ],
    ],
    [
      'maxBy keeps the first of the dearest',
      (b) => b.maxBy('op', 'price'),
      [
        [5, 'p'],
        [5, 'p'],
        [8, 'r'],
        [8, 'r'],
        [8, 'r'],
      ],
    ],
    [
      'maxBy keeps the last of the dearest',
      (b) => b.maxBy('op', 'price', { tie: 'last' }),
      [
        [5, 'p'],
        [5, 'p'],
        [8, 'r'],
        [8, 'r'],
        [8, 't'],
      ],
    ],
    [
      'max compares texts',
      (b) => b.maxBy('op', 'by'),
      [
        [5, 'p'],
        [3, 'q'],
        [8, 'r'],
        [3, 's'],
        [8, 't'],
      ],
    ],
    [
      'reduce is given what it gave',
      (b) => b.reduce('op', (left, right) => ({ ...right, by: left.by + right.by })),
      [
        [5, 'p'],
        [3, 'pq'],
        [8, 'pqr'],
        [3, 'pqrs'],
        [8, 'pqrst'],
      ],
    ],
  ])('%s', (_, reduction, expected) => {
    expect(reduced(reduction, bids)).toEqual(expected);
  });

  test('goes on per key after a restart at another parallelism, each result at the time of its record', () => {
    const h = harness((all: Stream<Bid>) => all.keyBy((bid) => bid.item).sum('op', 'price'));
    for (const [index, item] of ['a', 'b', 'c', 'a'].entries()) {
      h.push({ item, price: 1, by: 'p' }, index);
    }
    h.restore(h.snapshot(), { parallelism: 3 });
    h.push({ item: 'a', price: 1, by: 'q' }, 2);
    expect(h.timedOutput()).toMatchObject([{ value: { item: 'a', price: 3, by: 'p' }, time: 2 }]);
  });

  test('may change what it gave before without changing what others were given', () => {
    const h = harness((all: Stream<{ item: string; seen: string[] }>) =>
      all
        .keyBy((each) => each.item)
        .reduce('op', (left, right) => {
          left.seen.push(...right.seen);
          return left;
        }),
    );
    h.push({ item: 'a', seen: ['x'] });
    h.push({ item: 'a', seen: ['y'] });
    h.push({ item: 'a', seen: ['z'] });
    expect(h.output().map(({ seen }) => seen.join(''))).toEqual(['x', 'xy', 'xyz']);
  });

  test('adds and compares bigints and decimals', () => {
    type Amounts = KeyedStream<{ readonly n: bigint; readonly amount: Decimal }, string>;
    const last = (reduction: (all: Amounts) => Stream<{ n: bigint; amount: Decimal }>): string => {
      const h = harness((all: Stream<{ n: bigint; amount: Decimal }>) => reduction(all.keyBy(() => 'all')));
      h.push({ n: 1n, amount: Decimal.of('0.1') });
      h.push({ n: 2n ** 60n, amount: Decimal.of('0.2') });
      const { n, amount } = h.output()[1] ?? { n: 0n, amount: '' };
      return `${n} ${amount.toString()}`;
    };
    expect(last((all) => all.sum('op', 'amount'))).toBe('1 0.3');
    expect(last((all) => all.sum('op', 'n'))).toBe('1152921504606846977 0.1');
    expect(last((all) => all.maxBy('op', 'amount'))).toBe('1152921504606846976 0.2');
    expect(last((all) => all.min('op', 'n'))).toBe('1 0.1');
  });

  test('takes what is not a number for the largest', () => {
    const prices = [1, Number.NaN, 2].map((price) => [price, 'p'] as const);
    expect(reduced((b) => b.max('op', 'price'), prices).map(([price]) => price)).toEqual([1, NaN, NaN]);
    expect(reduced((b) => b.min('op', 'price'), prices).map(([price]) => price)).toEqual([1, 1, 1]);
  });

  test('refuses a value that it cannot add, by the name of its field', () => {
    const h = harness((all: Stream<Bid>) => all.keyBy((bid) => bid.item).sum('op', 'price'));
    h.push({ item: 'a', price: 1, by: 'p' });
    expect(() => h.push({ item: 'a', price: null as never, by: 'p' })).toThrow(
      'Operator "op" failed: Cannot reduce field "price": it was of type number and is null now',
    );
  });

  test('refuses a field that the records do not have', () => {
    const Row = t.row({ item: t.string, price: t.double });
    const program = application('bids', {
      build({ source }) {
        source('bids', stubSource(Row))
          .keyBy((bid) => bid.item)
          .sum('total', 'prize' as 'price')
          .to(stubSink('out'));
      },
    });
    expect(() => program.build({})).toThrow(
      'Cannot add sum "total": its records have no field "prize"; they have item, price',
    );
  });

  test('is offered the fields that it can take', () => {
    type Row = { a: number; b: bigint; c: string; d: number | null; e: Decimal };
    expectTypeOf<FieldOf<Row, number | bigint | Decimal>>().toEqualTypeOf<'a' | 'b' | 'e'>();
  });
});
