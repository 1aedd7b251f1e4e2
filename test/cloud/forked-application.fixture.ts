/** Payments per country and minute into a table, and every payment into a stream; one version has a bug. */
import { dynamoDb } from '#engine/connectors/dynamodb/index.ts';
import { kinesis, kinesisSink } from '#engine/connectors/kinesis/index.ts';
import { t } from '#engine/data/built-in-types.ts';
import { count, sum } from '#engine/stream/aggregates.ts';
import { application } from '#engine/stream/application.ts';
import { tumbling } from '#engine/stream/windows.ts';

const Payment = t.row({ id: t.string, country: t.string, amount: t.double, at: t.instant });

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('payments', {
  config: t.row({ stream: t.string, table: t.string, copies: t.string, factor: t.double }),
  build({ source, config }) {
    const payments = source(
      'payments',
      kinesis({ stream: config.stream, schema: Payment, time: (payment) => payment.at }),
      { watermark: '1 second', idle: '2 seconds' },
    );
    payments.to(kinesisSink({ stream: config.copies, partitionKey: ({ id }) => id }), 'copies');
    payments
      .keyBy((payment) => payment.country)
      .window(tumbling('1 minute'), { early: '200 ms' })
      .aggregate('per-country', {
        payments: count(),
        // Any other factor than 1 is the bug.
        volume: sum((payment) => payment.amount * config.factor),
      })
      .to(
        dynamoDb({ table: config.table, key: (row) => ({ country: row.key, start: row.start }) }),
        'totals',
      );
  },
});
