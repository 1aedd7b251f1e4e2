/** An application that is always behind: three ways between its operators, and a sink that takes less than comes. */
import type { Sink } from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { application, count, sum, t, tumbling, value } from '../index.ts';
import type { RunnableApplication } from './application-ref.ts';
import { expectedTotals, MINUTE_MS, paymentOf } from './counting.fixture.ts';

const PaymentRow = t.row({ country: t.string, amount: t.double, at: t.instant });
const Numbered = t.row({ country: t.string, amount: t.double, at: t.instant, number: t.int });
const Total = t.row({ key: t.string, start: t.int, payments: t.int, volume: t.double });

export interface CongestedOptions {
  readonly splits: number;
  /** Payments per split. */
  readonly count: number;
  readonly ratePerSecond?: number;
  readonly sinkName?: string;
  readonly sink: Sink<never>;
}

/** The n-th payment of a country is written as a row of its own, and every minute of a country with its totals. */
export function congestedApplication({
  splits,
  count: perSplit,
  sink,
  ratePerSecond = 20_000,
  sinkName = 'totals',
}: CongestedOptions): RunnableApplication {
  return application('congested', {
    build({ source }) {
      const payments = generator({
        schema: PaymentRow,
        record: paymentOf,
        time: ({ at }) => at,
        count: perSplit,
        splits,
        ratePerSecond,
      });
      const numbered = source('payments', payments, { watermark: '3 seconds' })
        .rebalance()
        .map((payment) => ({ ...payment }), 'pass')
        .keyBy(({ country }) => country)
        .process('number', {
          output: Numbered,
          state: { number: value(t.int) },
          onRecord(payment, { state, emit }) {
            const number = (state.number.get() ?? 0) + 1;
            state.number.set(number);
            emit({ ...payment, number });
          },
        });
      numbered
        .keyBy(({ number }) => number % 7)
        .process('write', {
          output: Total,
          state: { seen: value(t.int) },
          onRecord({ country, number }, { state, emit }) {
            state.seen.set((state.seen.get() ?? 0) + 1);
            emit({ key: country, start: -number, payments: number, volume: 0 });
          },
        })
        .to(sink, 'payments-out');
      numbered
        .keyBy(({ country }) => country)
        .window(tumbling(`${MINUTE_MS} ms`))
        .aggregate('per-minute', { payments: count(), volume: sum(({ amount }) => amount) })
        .to(sink, sinkName);
    },
  });
}

/** What must be there in the end, counted straight from the payments. */
export function expectedCongested(splits: number, perSplit: number): ReadonlyMap<string, string> {
  const totals = expectedTotals(splits, perSplit);
  const counts = new Map<string, number>();
  for (const [key, row] of totals) {
    const [country = '', payments = ''] = [key.split('/')[0], row.split('/')[0]];
    counts.set(country, (counts.get(country) ?? 0) + Number(payments));
  }
  const rows = [...counts].flatMap(([country, payments]) =>
    Array.from({ length: payments }, (_, index) => [`${country}/${-1 - index}`, `${index + 1}/0`] as const),
  );
  return new Map([...totals, ...rows].sort(([left], [right]) => (left < right ? -1 : 1)));
}
