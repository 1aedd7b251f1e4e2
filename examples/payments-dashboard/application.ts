/** Payments Dashboard (Europe): payments per country and minute, and per source and ten seconds, kept in a table. */
import { application, count, sum, t, tumbling } from 'headwater';
import { dynamoDb } from 'headwater/connectors/dynamodb';
import { kinesis } from 'headwater/connectors/kinesis';
import { currencies, euros, type Currency } from './simulation/countries.ts';

const Payment = t.row({
  id: t.string,
  country: t.string,
  source: t.string,
  amount: t.double,
  currency: t.enum(...currencies),
  at: t.instant,
});

/** Payments may come up to three minutes late; each still counts in its own minute. */
const LATENESS = '5 minutes';
const KEPT_SECONDS = 7 * 24 * 3600;

/** Breaks the program on purpose, to show what an upgrade does about it: `application push … --define SEEDED_BUG=yes`. */
const isBroken = process.env['SEEDED_BUG'] === 'yes';

/** Rows of a window as items: a table's view is one partition, sorted by the start of windows, then by key. */
interface Pane {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly payments: number;
  readonly volume: number;
}

export default application('payments-dashboard', {
  config: t.row({ stream: t.string, table: t.string }),
  build({ source, config }) {
    const { stream, table } = config;
    const view = (name: string) =>
      dynamoDb<Pane>({
        table,
        key: ({ key, start }) => ({ view: name, at: `${new Date(start).toISOString()}#${key}` }),
        item: ({ end, payments, volume }) => ({ end, payments, volume, expiresAt: expiry(end) }),
      });

    const payments = source('payments', kinesis({ stream, schema: Payment, time: (payment) => payment.at }), {
      watermark: '5 seconds',
      idle: '30 seconds',
    }).map((payment) => ({ ...payment, eur: payment.amount * rateOf(payment.currency) }), 'to-eur');

    const perCountry = payments
      .keyBy((payment) => payment.country)
      .window(tumbling('1 minute'), { lateness: LATENESS, early: '1 second' })
      .aggregate('per-country', { payments: count(), volume: sum((payment) => payment.eur) });
    perCountry.to(view('country'), 'countries');

    payments
      .keyBy((payment) => payment.source)
      .window(tumbling('10 seconds'), { lateness: LATENESS, early: '1 second' })
      .aggregate('per-source', { payments: count(), volume: sum((payment) => payment.eur) })
      .to(view('source'), 'sources');

    // What came too late for its minute is not lost: it lies in the same table, payment by payment.
    perCountry.sides.late.to(
      dynamoDb({
        table,
        key: ({ id, at }) => ({ view: 'late', at: `${new Date(at).toISOString()}#${id}` }),
        item: ({ country, source: from, eur, at }) => ({ country, source: from, eur, expiresAt: expiry(at) }),
      }),
      'late-payments',
    );
  },
});

function rateOf(currency: Currency): number {
  if (isBroken) throw new Error(`There is no rate from ${currency} to EUR`);
  return euros[currency];
}

/** When an item may go, in the seconds of DynamoDB's time to live. */
function expiry(time: number): number {
  return Math.floor(time / 1000) + KEPT_SECONDS;
}
