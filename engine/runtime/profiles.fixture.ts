/** An application of keyed state of every kind, for the tests of checkpoints: what it emits hangs on no order. */
import type { Sink } from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { application, count, list, map, reducing, session, sum, t, value } from '../index.ts';
import type { RunnableApplication } from './application-ref.ts';
import { MINUTE_MS, paymentOf, type Payment } from './counting.fixture.ts';

const PaymentRow = t.row({ country: t.string, amount: t.double, at: t.instant });
const Total = t.row({ key: t.string, start: t.int, payments: t.int, volume: t.double });

/** Later than any payment, so that its timers fire when all splits have ended. */
const END = 1_800_000_000_000;

export interface ProfileOptions {
  readonly splits: number;
  /** Payments per split. */
  readonly count: number;
  readonly sink: Sink<never>;
}

export function profileApplication({ splits, count: perSplit, sink }: ProfileOptions): RunnableApplication {
  return application('profiles', {
    build({ source }) {
      const payments = source(
        'payments',
        generator({
          schema: PaymentRow,
          record: paymentOf,
          time: ({ at }) => at,
          count: perSplit,
          splits,
          ratePerSecond: 4000,
        }),
        { watermark: '3 seconds' },
      );
      payments
        .keyBy(({ country }) => country)
        .process('profile', {
          output: Total,
          state: {
            payments: value(t.int),
            amounts: list(t.double),
            largest: reducing(t.double, Math.max),
            minutes: map(t.instant, t.row({ payments: t.int, volume: t.double })),
          },
          timers: ['end'],
          onRecord({ amount, at }, { state, timers }) {
            const minute = minuteOf(at);
            const seen = state.minutes.get(minute) ?? { payments: 0, volume: 0 };
            state.minutes.set(minute, { payments: seen.payments + 1, volume: seen.volume + amount });
            state.payments.set((state.payments.get() ?? 0) + 1);
            state.amounts.push(amount);
            state.largest.add(amount);
            timers.end.set(END);
          },
          onTimer(_, { key, state, emit }) {
            for (const [start, seen] of state.minutes.entries()) {
              emit({ key: `minute ${key}`, start, ...seen });
            }
            const volume = [...state.amounts].reduce((total, amount) => total + amount, 0);
            emit({ key: `all ${key}`, start: 0, payments: state.payments.get() ?? 0, volume });
            emit({ key: `largest ${key}`, start: 0, payments: 0, volume: state.largest.get() ?? 0 });
          },
        })
        .to(sink, 'totals');
      payments
        .keyBy(({ country }) => country)
        .window(session('2 seconds'))
        .aggregate('sessions', { payments: count(), volume: sum(({ amount }: Payment) => amount) })
        .to(sink, 'session-totals');
    },
  });
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
