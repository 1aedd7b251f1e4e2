import { expect, test } from 'vitest';
import { count, type Infer, list, map, ms, type Stream, t, tumbling, value } from '../index.ts';
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

const perCard = (payments: Stream<Payment>) =>
  payments
    .keyBy((p) => p.card)
    .window(tumbling('1 minute'))
    .aggregate('per-card', { n: count() });

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

test('what a key has in its cells can be looked at, and is what a restart would find', () => {
  const h = harness(detect, { parallelism: 2 });
  h.push({ card: 'a', amount: 0.5 }, 0);
  h.push({ card: 'a', amount: 2 }, 0);
  expect(h.state('detect', 'seen', 'a')).toBe(2);
  expect(h.state('detect', 'amounts', 'a')).toEqual([0.5, 2]);
  expect(h.state('detect', 'days', 'a')).toEqual(new Map([[1, 2]]));
  expect(h.state('detect', 'seen', 'b')).toBeUndefined();
  expect(h.state('detect', 'amounts', 'b')).toBeUndefined();
  h.advance('1 day');
  expect(h.state('detect', 'seen', 'a')).toBeUndefined();
  expect(() => h.state('detect', 'sene', 'a')).toThrow(
    'Cannot read state "sene" of operator "detect": its cells are "armed", "seen", "amounts", "days"',
  );
  expect(() => h.state('detct', 'seen', 'a')).toThrow(
    'Cannot read state "seen" of operator "detct": there is no operator of that name, only "in", "detect"',
  );
});

test('windows fire when a bounded input ends, and records carry the time of their window', () => {
  const h = harness(perCard);
  h.push({ card: 'a', amount: 1 }, 5);
  h.watermark(ms('1 minute'));
  expect(h.timedOutput().map(({ time }) => time)).toEqual([59_999]);
  h.push({ card: 'a', amount: 1 }, 6);
  h.push({ card: 'a', amount: 1 }, 60_000);
  expect(h.lateRecords).toBe(1);
  h.end();
  expect(h.output()).toEqual([{ key: 'a', start: 60_000, end: 120_000, n: 1 }]);
});

test('event time of two inputs is that of the one that lags, unless it is idle', () => {
  const h = harness((payments: Stream<Payment>, refunds: Stream<Payment>) =>
    perCard(payments.union(refunds)),
  );
  h.push({ card: 'a', amount: 1 }, 1);
  h.pushSecond({ card: 'a', amount: 1 }, 2);
  h.watermark(ms('1 minute'), 'first');
  expect(h.output()).toEqual([]);
  h.idle('second');
  expect(h.output()).toEqual([{ key: 'a', start: 0, end: 60_000, n: 2 }]);
  h.active('second');
  h.watermark(ms('90 seconds'), 'second');
  h.pushSecond({ card: 'a', amount: 1 }, ms('1 minute'));
  h.end('first');
  expect(h.output()).toEqual([]);
  h.end('second');
  expect(h.output()).toEqual([{ key: 'a', start: 60_000, end: 120_000, n: 1 }]);
});
