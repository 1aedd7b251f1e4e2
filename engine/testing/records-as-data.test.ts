import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { Decimal } from '../data/decimal.ts';
import { value } from '../stream/state-cells.ts';
import type { Stream } from '../stream/stream.ts';
import { harness } from './harness.ts';

class Payment {
  readonly id = 'a';
}

/** Sends what `make` gives over an edge to a keyed operator, whose output it is, too. */
function crossing(make: () => unknown) {
  return harness((ticks: Stream<number>) =>
    ticks
      .map(make, 'made')
      .keyBy(() => 'k')
      .process('kept', { output: anything, onRecord: (record, ctx) => ctx.emit(record) as undefined }),
  );
}

const anything = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (given: unknown) => ({ value: given }),
  },
} as const;

/** One that calls `Promise` itself would be refused before. */
async function later(): Promise<number> {
  return await Promise.resolve(1);
}

describe('a record', () => {
  test.each<[string, () => unknown, string]>([
    ['a function', () => ({ user: { handler: () => 1 } }), 'field "user.handler": a function'],
    ['a symbol', () => ({ tags: ['a', Symbol('x')] }), 'field "tags[1]": a symbol'],
    [
      'an object of a class',
      () => ({ by: new Map([['x', new Payment()]]) }),
      'field "by{x}": an instance of Payment',
    ],
    ['a promise', () => later(), 'value: an instance of Promise'],
    ['itself', cyclic, 'field "inner.outer": an object that it is itself a part of'],
  ])('that holds %s is refused with operator, edge and field', (_, make, place) => {
    expect(() => crossing(make).push(1, 0)).toThrow(
      `Operator "made" failed: Cannot send a record from "made" to "kept": cannot encode ${place}; records and state hold data only`,
    );
  });

  test('that is data arrives as it was', () => {
    const record = {
      text: 'ä',
      missing: undefined,
      none: null,
      negative: -0,
      nan: Number.NaN,
      big: 2n ** 80n,
      price: Decimal.of('1.50'),
      at: new Date(5),
      bytes: Uint8Array.of(1, 2),
      set: new Set([1]),
      nested: [{ map: new Map([[{ a: 1 }, [undefined]]]) }],
    };
    const h = crossing(() => record);
    h.push(1, 0);
    expect(h.output()).toStrictEqual([record]);
  });

  test('of a declared type is refused where it is another', () => {
    const h = harness((ticks: Stream<number>) =>
      ticks
        .process('made', {
          output: t.row({ price: t.decimal(5, 2), day: t.date }),
          onRecord: (_, ctx) => ctx.emit({ price: Decimal.of('1.005'), day: 0 }) as undefined,
        })
        .keyBy((made) => made.day)
        .process('kept', { output: t.int, onRecord: () => undefined }),
    );
    expect(() => h.push(1, 0)).toThrow(
      'from "made" to "kept": cannot encode field "price": its schema says DECIMAL(5, 2), it is the decimal 1.005; emit what is declared',
    );
  });
});

test('state that is no data is refused with operator, cell and field', () => {
  const h = harness((ticks: Stream<number>) =>
    ticks
      .keyBy(() => 'k')
      .process('kept', {
        output: t.int,
        state: { last: value<unknown>(anything) },
        onRecord(_, ctx) {
          ctx.state.last.set({ run: () => 1 });
        },
      }),
  );
  h.push(1, 0);
  expect(() => h.snapshot()).toThrow(
    'Cannot write state "last" of operator "kept": cannot encode field "run": a function; records and state hold data only',
  );
});

function cyclic(): unknown {
  const outer: Record<string, unknown> = { id: 1 };
  outer['inner'] = { outer };
  return outer;
}
