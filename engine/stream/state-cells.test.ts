import { describe, expect, expectTypeOf, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { harness } from '../testing/harness.ts';
import { aggregating, list, map, operatorList, reducing, value } from './state-cells.ts';
import type { Stream } from './stream.ts';

const Seen = t.row({ largest: t.nullable(t.double), mean: t.nullable(t.double) });

function summing(numbers: Stream<number>) {
  return numbers
    .keyBy(() => 'all')
    .process('sum', {
      output: Seen,
      state: {
        largest: reducing(t.double, Math.max),
        mean: aggregating(t.row({ n: t.int, sum: t.double }), {
          init: () => ({ n: 0, sum: 0 }),
          add: (acc, added: number) => ({ n: acc.n + 1, sum: acc.sum + added }),
          result: (acc) => acc.sum / acc.n,
        }),
      },
      onRecord(n, ctx) {
        expectTypeOf(ctx.state.largest.get()).toEqualTypeOf<number | undefined>();
        expectTypeOf<Parameters<typeof ctx.state.mean.add>>().toEqualTypeOf<[value: number]>();
        if (n < 0) {
          ctx.state.largest.clear();
          ctx.state.mean.clear();
        } else {
          ctx.state.largest.add(n);
          ctx.state.mean.add(n);
        }
        ctx.emit({ largest: ctx.state.largest.get() ?? null, mean: ctx.state.mean.get() ?? null });
      },
    });
}

describe('cells that sum up', () => {
  test('give what was added, through a restart and until they are cleared', () => {
    const h = harness(summing);
    h.push(1);
    h.push(5);
    expect(h.output()).toEqual([
      { largest: 1, mean: 1 },
      { largest: 5, mean: 3 },
    ]);
    h.restore(h.snapshot(), { parallelism: 2 });
    h.push(3);
    h.push(-1);
    h.push(2);
    expect(h.output()).toEqual([
      { largest: 5, mean: 3 },
      { largest: null, mean: null },
      { largest: 2, mean: 2 },
    ]);
  });

  test('refuse null, which would stand for no value', () => {
    const h = harness((numbers: Stream<number>) =>
      numbers
        .keyBy(() => 'all')
        .process('sum', {
          output: t.double,
          state: { total: reducing(t.double, (left, right) => left + right) },
          onRecord: (n, ctx) => ctx.state.total.add(n) as undefined,
        }),
    );
    expect(() => h.push(null as never)).toThrow('Cannot add null to reducing state "total"');
  });
});

describe('a function without keys', () => {
  /** Holds records back until there are three. */
  function grouping(restore: 'split' | 'union') {
    return (numbers: Stream<number>) =>
      numbers.process('group', {
        output: t.string,
        state: { held: operatorList(t.int, { restore }) },
        onRecord(n, { state, emit }) {
          expectTypeOf(state.held.length).toEqualTypeOf<number>();
          state.held.push(n);
          if (state.held.length === 3) {
            emit([...state.held].join(' '));
            state.held.clear();
          }
        },
      });
  }

  test('keeps a list in its subtask, which a restart deals out anew', () => {
    const h = harness(grouping('split'));
    [1, 2, 3, 4, 5].forEach((n) => h.push(n));
    expect(h.output()).toEqual(['1 2 3']);
    h.restore(h.snapshot(), { parallelism: 2 });
    // Records take turns between both subtasks: each has one number, and gets two.
    [6, 7, 8, 9].forEach((n) => h.push(n));
    expect(h.output()).toEqual(['4 6 8', '5 7 9']);
  });

  test('gets the lists of all subtasks where it asks for their union', () => {
    const h = harness(grouping('union'), { parallelism: 2 });
    h.push(1);
    h.push(2);
    h.restore(h.snapshot(), { parallelism: 2 });
    h.push(3);
    expect(h.output()).toEqual(['1 2 3']);
  });

  test('is refused state that is kept per key', () => {
    const build = (numbers: Stream<number>) =>
      numbers.process('group', {
        output: t.int,
        // @ts-expect-error it has no keys
        state: { held: value(t.int) },
        onRecord: () => undefined,
      });
    expect(() => harness(build)).toThrow(
      'Cannot add process "group": its state "held" is kept per key, and its stream has no keys; use keyBy before, or operatorList for the state',
    );
  });

  test('is refused timers', () => {
    const h = harness((numbers: Stream<number>) =>
      numbers.process('group', {
        output: t.int,
        onRecord(_, ctx) {
          // @ts-expect-error it has no keys
          ctx.timers.later.set(1);
        },
      }),
    );
    expect(() => h.push(1)).toThrow(
      'Operator "group" failed: Cannot use timer "later": timers belong to keys, and the stream has none; use keyBy before',
    );
  });
});

describe('null', () => {
  test('is a value of value and map cells, and undefined is none', () => {
    const h = harness((steps: Stream<number | null | undefined>) =>
      steps
        .keyBy(() => 'all')
        .process('keep', {
          output: t.string,
          state: { one: value(t.nullable(t.int)), many: map(t.string, t.nullable(t.int)) },
          onRecord(n, { state, emit }) {
            state.one.set(n);
            state.many.set('x', n as number | null);
            emit(`${String(state.one.get())} ${String(state.many.get('x'))} ${state.many.has('x')}`);
          },
        }),
    );
    h.push(null);
    h.push(1);
    h.push(undefined);
    expect(h.output()).toEqual(['null null true', '1 1 true', 'undefined undefined false']);
  });
});

describe('a cell', () => {
  test('is refused how it expires when it does not', () => {
    expect(() => value(t.int, { ttlUpdate: 'on-read-and-write' })).toThrow(
      'Cannot declare state with ttlUpdate "on-read-and-write" alone: give its "ttl", or leave it out',
    );
    expect(() => list(t.int, { ttl: '0 ms' })).toThrow('Cannot use time to live of "0 ms"');
  });

  test('is refused functions that are none', () => {
    expect(() => reducing(t.int, undefined as never)).toThrow(
      'Cannot declare reducing state: "reduce" is of type undefined; give a function',
    );
  });
});
