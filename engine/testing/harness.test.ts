import { expect, test } from 'vitest';
import { type Infer, list, map, ms, type Stream, t, value } from '../index.ts';
import { harness } from './harness.ts';

const Payment = t.row({ card: t.string, amount: t.double });
type Payment = Infer<typeof Payment>;
const Alert = t.row({ card: t.string, amount: t.double, reason: t.enum('small-then-large') });

const detect = (payments: Stream<Payment>) =>
  payments
    .keyBy((p) => p.card)
    .process('detect', {
      output: Alert,
      outputs: { audited: Payment },
      state: {
        armed: value(t.boolean),
        seen: value(t.int, { ttl: '1 day' }),
        amounts: list(t.double),
        days: map(t.int, t.int),
      },
      timers: ['disarm'],
      processingTimers: ['forget'],
      onRecord(payment, ctx) {
        const { armed, seen, amounts, days } = ctx.state;
        seen.set((seen.get() ?? 0) + 1);
        amounts.push(payment.amount);
        days.set(1, (days.get(1) ?? 0) + 1);
        if (armed.get() === true && payment.amount > 500) {
          ctx.emit({ card: ctx.key, amount: payment.amount, reason: 'small-then-large' });
          armed.clear();
          ctx.timers.disarm.cancel();
        }
        if (payment.amount < 1) {
          armed.set(true);
          ctx.timers.disarm.set(ctx.time + ms('1 minute'));
          ctx.timers.forget.set(ctx.now() + ms('1 hour'));
        }
        if (payment.amount > 10_000) {
          ctx.side('audited', payment);
        }
      },
      onTimer(_timer, ctx) {
        ctx.state.armed.clear();
      },
    });

test('a small and then a large payment within a minute raise an alert', () => {
  const h = harness(detect);
  h.push({ card: 'a', amount: 0.5 }, 0);
  h.push({ card: 'a', amount: 900 }, 30_000);
  expect(h.output()).toEqual([{ card: 'a', amount: 900, reason: 'small-then-large' }]);
  h.push({ card: 'b', amount: 0.5 }, 0);
  h.watermark(ms('2 minutes'));
  h.push({ card: 'b', amount: 900 }, 130_000);
  expect(h.output()).toEqual([]);
  h.push({ card: 'b', amount: 20_000 }, 130_000);
  expect(h.side('audited')).toEqual([{ card: 'b', amount: 20_000 }]);
});

test('a processing-time timer fires when the clock is advanced', () => {
  const h = harness(detect);
  h.push({ card: 'a', amount: 0.5 }, 0);
  h.advance('1 hour');
  h.push({ card: 'a', amount: 900 }, 30_000);
  expect(h.output()).toEqual([]);
});

test('a restored copy goes on where the snapshot was taken, timers and all', () => {
  const first = harness(detect);
  first.push({ card: 'a', amount: 0.5 }, 0);
  first.push({ card: 'b', amount: 0.5 }, 0);
  const copy = harness(detect);
  copy.restore(first.snapshot(), { parallelism: 4 });
  copy.push({ card: 'a', amount: 900 }, 1);
  expect(copy.output().length).toBe(1);
  copy.watermark(ms('1 minute'));
  copy.push({ card: 'b', amount: 900 }, 1);
  expect(copy.output()).toEqual([]);
});

test('state outlives its time to live by not a millisecond', () => {
  const h = harness((payments: Stream<Payment>) =>
    payments
      .keyBy((p) => p.card)
      .process('count', {
        output: t.int,
        state: { seen: value(t.int, { ttl: '1 hour' }) },
        onRecord(_, ctx) {
          ctx.state.seen.set((ctx.state.seen.get() ?? 0) + 1);
          ctx.emit(ctx.state.seen.get() ?? 0);
        },
      }),
  );
  h.push({ card: 'a', amount: 1 });
  h.advance(ms('1 hour') - 1);
  h.push({ card: 'a', amount: 1 });
  h.restore(h.snapshot());
  h.advance('1 hour');
  h.push({ card: 'a', amount: 1 });
  expect(h.output()).toEqual([1]);
});

test('a process function without keys has side outputs', () => {
  const h = harness((lines: Stream<string>) =>
    lines.process('parse', {
      output: t.double,
      outputs: { bad: t.string },
      onRecord(line, ctx) {
        if (Number.isNaN(Number(line))) {
          ctx.side('bad', line);
        } else {
          ctx.emit(Number(line));
        }
      },
    }),
  );
  ['1', 'x', '2'].forEach((line) => h.push(line));
  expect(h.output()).toEqual([1, 2]);
  expect(h.side('bad')).toEqual(['x']);
});
