import { expect, expectTypeOf, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { count } from '../stream/aggregates.ts';
import { value } from '../stream/state-cells.ts';
import type { Stream } from '../stream/stream.ts';
import { tumbling } from '../stream/windows.ts';
import { harness } from './harness.ts';

interface Payment {
  readonly country: string;
  readonly card: number;
}

const Count = t.row({ country: t.string, card: t.int, n: t.int });

function counting(payments: Stream<Payment>) {
  return payments
    .keyBy((p) => [p.country, p.card])
    .process('count', {
      output: Count,
      state: { n: value(t.int) },
      timers: ['end'],
      onRecord(_, ctx) {
        expectTypeOf(ctx.key).toEqualTypeOf<readonly [string, number]>();
        ctx.state.n.set((ctx.state.n.get() ?? 0) + 1);
        ctx.timers.end.set(100);
      },
      onTimer(_, ctx) {
        const [country, card] = ctx.key;
        ctx.emit({ country, card, n: ctx.state.n.get() ?? 0 });
      },
    });
}

test('state and timers are kept per composite key, through snapshots and other parallelisms', () => {
  const h = harness(counting, { parallelism: 2 });
  const push = (): void => {
    for (const country of ['DE', 'FR']) {
      for (const card of [1, 2, 2]) {
        h.push({ country, card }, 0);
      }
    }
  };
  push();
  for (const parallelism of [3, 1]) {
    h.restore(h.snapshot(), { parallelism });
    push();
  }
  expect([h.state('count', 'n', ['FR', 2]), h.state('count', 'n', ['FR', 3])]).toEqual([6, undefined]);
  h.watermark(100);
  expect(h.output().toSorted((left, right) => keyOf(left).localeCompare(keyOf(right)))).toEqual([
    { country: 'DE', card: 1, n: 3 },
    { country: 'DE', card: 2, n: 6 },
    { country: 'FR', card: 1, n: 3 },
    { country: 'FR', card: 2, n: 6 },
  ]);
});

test('windows are kept per composite key, which their rows carry', () => {
  const h = harness((payments: Stream<Payment>) =>
    payments
      .keyBy((p) => [p.country, p.card])
      .window(tumbling('10 ms'))
      .aggregate('per-card', { n: count() }),
  );
  h.push({ country: 'DE', card: 1 }, 0);
  h.push({ country: 'DE', card: 1 }, 1);
  h.restore(h.snapshot());
  h.push({ country: 'DE', card: 1 }, 2);
  h.watermark(9);
  expect(h.output()).toEqual([{ key: ['DE', 1], start: 0, end: 10, n: 3 }]);
});

test.each([1, 2])(
  'what is no key is refused with the operator and what keyBy gave, on %i subtasks',
  (parallelism) => {
    const h = harness(counting, { parallelism });
    // Programs are typed, and still read fields that are not there.
    expect(() => h.push({ country: 'DE' } as Payment, 0)).toThrow(
      'Operator "count" failed: keyBy gave an array with undefined at position 1; a key must be a string, number, boolean or bigint, or an array of them',
    );
  },
);

/** Mistakes that the compiler sees; never run. */
export function refusedByTypes(
  payments: Stream<Payment & { readonly note: string | null; readonly tags: string[] }>,
): void {
  // @ts-expect-error an element may be null
  payments.keyBy((p) => [p.country, p.note]);
  // @ts-expect-error an element is an array
  payments.keyBy((p) => [p.country, p.tags]);
  // @ts-expect-error an element is an object
  payments.keyBy((p) => [{ country: p.country }]);
  // @ts-expect-error a key is an object
  payments.keyBy((p) => ({ country: p.country }));
  // @ts-expect-error a key may be null
  payments.keyBy((p) => p.note);
}

function keyOf({ country, card }: { country: string; card: number }): string {
  return `${country} ${card}`;
}
