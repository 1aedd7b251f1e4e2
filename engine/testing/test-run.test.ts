import { expect, test } from 'vitest';
import type { Infer } from '../index.ts';
import { application, count, sum, t, tumbling, type Type, value } from '../index.ts';
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

test('a run tells how many records were late, once each however often the job dies', () => {
  const options = { order: 'given', crashAt: [2, 6, 6], checkpointEvery: 2, rescaleTo: [3, 2] } as const;
  const run = testRun(payments, { table: 'd' }, { payments: feed }, options);
  expect(run.lateRecords()).toBe(1);
  expect(run.lateRecords('per-country')).toBe(1);
  expect(run.lateRecords('to-eur')).toBe(0);
  expect(run.sink('dashboard')).toEqual(
    testRun(payments, { table: 'd' }, { payments: feed }, { order: 'given' }).sink('dashboard'),
  );
});

/** Counts clicks per page in state of the given schema, and forgets a page an hour after its first click. */
function clicks<S>(schema: Type<S>, next: (before: S | undefined) => S) {
  const Click = t.row({ page: t.string, at: t.instant });
  return application('clicks', {
    build({ source }) {
      const at = stubSource(Click, (click) => click.at);
      source('web', at)
        .union(source('app', at))
        .keyBy((click) => click.page)
        .process('visits', {
          output: t.row({ page: t.string, visits: schema }),
          state: { visits: value(schema) },
          processingTimers: ['forget'],
          onRecord(click, ctx) {
            const visits = ctx.state.visits.get();
            if (visits === undefined) {
              ctx.timers.forget.set(click.at + 3_600_000);
            }
            ctx.state.visits.set(next(visits));
            ctx.emit({ page: ctx.key, visits: next(visits) });
          },
          onTimer(_, ctx) {
            ctx.state.visits.clear();
          },
        })
        .to(stubSink('visits'), 'out');
    },
  });
}

const counted = clicks(t.int, (before) => (before ?? 0) + 1);

test('a later version goes on from the state of an older one, if its schema allows', () => {
  const web = [
    { page: 'a', at: 1 },
    { page: 'a', at: 2 },
  ];
  const before = testRun(counted, {}, { web }, { end: false });
  expect(before.state('visits', 'visits', 'a')).toBe(2);
  const wider = clicks(t.double, (visits) => (visits ?? 0) + 0.5);
  const options = { restore: before.snapshot(), parallelism: 3 };
  expect(testRun(wider, {}, { app: [{ page: 'a', at: 3 }] }, options).sink('out')).toEqual([
    { page: 'a', visits: 2.5 },
  ]);
  const other = clicks(t.string, (visits) => `${visits}+`);
  expect(() => testRun(other, {}, {}, options)).toThrow(
    'Cannot restore state "visits" of operator "visits": it was written as INT, the program declares STRING',
  );
  expect(() => testRun(wider, {}, {}, { ...options, maxParallelism: 64 })).toThrow(
    'Cannot restore application: the snapshot has max parallelism 128, the application 64',
  );
});

test('a clock that moves with event time fires timers of processing time', () => {
  const web = [0, 1, 3_600_000].map((at) => ({ page: 'a', at }));
  const visits = (clock: 'still' | 'event-time') =>
    testRun(counted, {}, { web }, { clock })
      .sink<{ visits: number }>('out')
      .map((row) => row.visits);
  expect(visits('still')).toEqual([1, 2, 3]);
  expect(visits('event-time')).toEqual([1, 2, 1]);
});

test('windows behind assignTime fire during the run when the clock moves with event time', () => {
  const Order = t.row({ shop: t.string, paidAt: t.instant, arrivedAt: t.instant });
  const shops = application('shops', {
    build({ source }) {
      source(
        'orders',
        stubSource(Order, (order) => order.arrivedAt),
      )
        .assignTime({ time: (order) => order.paidAt, watermark: '1 second' })
        .keyBy((order) => order.shop)
        .window(tumbling('1 minute'))
        .aggregate('per-shop', { orders: count() })
        .to(stubSink('out'), 'out');
    },
  });
  const orders = [10_000, 50_000, 70_000, 70_500].map((paidAt, index) => ({
    shop: 'a',
    paidAt,
    arrivedAt: 600_000 + index * 1000,
  }));
  const fired = (clock: 'still' | 'event-time') =>
    testRun(shops, {}, { orders }, { clock, end: false }).sink<{ start: number; orders: number }>('out');
  expect(fired('still')).toEqual([]);
  expect(fired('event-time')).toEqual([{ key: 'a', start: 0, end: 60_000, orders: 2 }]);
});

test('feeds are interleaved by chance, each in its own order', () => {
  const web = Array.from({ length: 8 }, (_, at) => ({ page: 'web', at }));
  const app = Array.from({ length: 8 }, (_, at) => ({ page: 'app', at }));
  const pages = (interleave: number) =>
    testRun(counted, {}, { web, app }, { interleave }).sink<{ page: string; visits: number }>('out');
  const runs = [1, 2, 3].map(pages);
  expect(new Set(runs.map((run) => run.map(({ page }) => page).join())).size).toBe(3);
  expect(pages(1)).toEqual(runs[0]);
  for (const run of runs) {
    for (const page of ['web', 'app']) {
      expect(run.filter((row) => row.page === page).map(({ visits }) => visits)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8,
      ]);
    }
  }
});

test('an interleaved run drops nothing as late that comes in the order of its source', () => {
  const feeds = { payments: feed.slice(0, 5).toSorted((left, right) => left.at - right.at) };
  const totals = (interleave?: number) =>
    testRun(payments, { table: 'd' }, feeds, interleave === undefined ? {} : { interleave });
  for (let seed = 1; seed <= 20; seed++) {
    expect(totals(seed).sink('dashboard')).toEqual(totals().sink('dashboard'));
    expect(totals(seed).lateRecords()).toBe(0);
  }
});

test('the test of a windowed application runs within 100 ms', () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    payment(index % 2 === 0 ? 'DE' : 'FR', 1, index * 600),
  );
  // The time of this thread and not of the clock: other processes share the machine.
  const took = [1, 2, 3].map(() => {
    const begin = process.threadCpuUsage();
    const run = testRun(payments, { table: 'd' }, { payments: many });
    expect(run.sink('dashboard').length).toBe(20);
    return process.threadCpuUsage(begin).user / 1000;
  });
  expect(Math.min(...took)).toBeLessThan(100);
});
