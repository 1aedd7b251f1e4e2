import { expect, test } from 'vitest';
import type { Infer } from '../index.ts';
import { application, count, sum, t, tumbling } from '../index.ts';
import { stubSink, stubSource } from './stub-connectors.ts';
import { testRun } from './test-run.ts';

const Payment = t.row({
  id: t.string,
  country: t.string,
  amount: t.double,
  currency: t.enum('EUR', 'GBP'),
  at: t.instant,
});
type Payment = Infer<typeof Payment>;

const eur = { EUR: 1, GBP: 2 };

const payments = application('payments-dashboard', {
  config: t.row({ table: t.string }),
  build({ source, config }) {
    const all = source(
      'payments',
      stubSource(Payment, (p) => p.at),
      { watermark: '1 ms', idle: '30 seconds' },
    );
    const perMinute = all
      .map((p) => ({ ...p, eur: p.amount * eur[p.currency] }), 'to-eur')
      .filter((p) => p.eur >= 0)
      .keyBy((p) => p.country)
      .window(tumbling('1 minute'), { lateness: '2 minutes' })
      .aggregate('per-country', { payments: count(), volume: sum((p) => p.eur) });
    perMinute.to(stubSink(config.table), 'dashboard');
    perMinute.sides.late.to(stubSink('late'), 'late');
    all.to(stubSink('lake'), 'lake');
  },
});

function payment(country: string, amount: number, at: number): Payment {
  return { id: `${country}${at}`, country, amount, currency: 'EUR', at };
}

const feed = [
  payment('DE', 10, 1000),
  payment('DE', 5, 2000),
  payment('FR', 7, 61_000),
  payment('DE', 1, 3000),
  payment('FR', 2, 400_000),
  payment('DE', 9, 4000),
];

test('a country gets one row a minute, a late payment updates it, a too late one goes aside', () => {
  const run = testRun(payments, { table: 'd' }, { payments: feed }, { order: 'given' });
  const rows = run.sink<{ key: string; payments: number; volume: number }>('dashboard');
  expect(rows.map((row) => [row.key, row.payments, row.volume])).toEqual([
    ['DE', 2, 15],
    ['DE', 3, 16],
    ['FR', 1, 7],
    ['FR', 1, 2],
  ]);
  expect(run.side('per-country', 'late')).toEqual([{ ...payment('DE', 9, 4000), eur: 9 }]);
  expect(run.sink('lake')).toEqual(feed);
});

test('a run that crashes and goes on at another parallelism gives what an undisturbed one gives', () => {
  const undisturbed = testRun(payments, { table: 'd' }, { payments: feed }, { order: 'given' }).sink(
    'dashboard',
  );
  for (let crashAt = 0; crashAt < feed.length; crashAt++) {
    for (const rescaleTo of [1, 2, 3]) {
      const options = { order: 'given', crashAt, checkpointEvery: 2, rescaleTo, parallelism: 3 } as const;
      const rows = testRun(payments, { table: 'd' }, { payments: feed }, options).sink('dashboard');
      expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
        new Set(undisturbed.map((row) => JSON.stringify(row))),
      );
    }
  }
});

test('a run refuses a feed for a source, and a sink, that the application lacks', () => {
  expect(() => testRun(payments, { table: 'd' }, { paymnts: [] })).toThrow(
    'Cannot feed source "paymnts": application "payments-dashboard" has "payments"',
  );
  expect(() => testRun(payments, { table: 'd' }, {}).sink('dash')).toThrow(
    'Cannot read sink "dash": application "payments-dashboard" has "dashboard", "late", "lake"',
  );
});
