/** Payments per country and minute: from a stream into a table, as the worker's test runs it. */
import { dynamoDb } from '#engine/connectors/dynamodb/index.ts';
import { kinesis } from '#engine/connectors/kinesis/index.ts';
import { t } from '#engine/data/built-in-types.ts';
import { count, sum } from '#engine/stream/aggregates.ts';
import { application } from '#engine/stream/application.ts';
import { tumbling } from '#engine/stream/windows.ts';

const Payment = t.row({ id: t.string, country: t.string, amount: t.double, at: t.instant });

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('payments', {
  config: t.row({ stream: t.string, table: t.string, early: t.string }),
  build({ source, config }) {
    source(
      'payments',
      kinesis({
        stream: config.stream,
        schema: Payment,
        time: (payment) => payment.at,
        discoverEveryMs: 500,
      }),
      { watermark: '1 second', idle: '2 seconds' },
    )
      .map((payment) => {
        if (payment.amount < 0) {
          throw new RangeError(`amount ${payment.amount} is negative`);
        }
        return payment;
      }, 'check')
      .keyBy((payment) => payment.country)
      .window(tumbling('1 minute'), {
        // Text of a configuration is no literal; this one is a duration.
        early: config.early as '200 ms',
      })
      .aggregate('per-country', { payments: count(), volume: sum((payment) => payment.amount) })
      .to(
        dynamoDb({ table: config.table, key: (row) => ({ country: row.key, start: row.start }) }),
        'totals',
      );
  },
});
