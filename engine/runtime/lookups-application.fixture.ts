/**
 * Two aligned sources whose payments are looked up, as a module of its own, for threads: a real timer answers.
 */
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { application, count, sum, tumbling } from '../index.ts';
import { fileSink } from './counting-application.fixture.ts';
import { paymentOf } from './counting.fixture.ts';

const Payment = t.row({ country: t.string, amount: t.double, at: t.instant });
const align = { group: 'payments', maxDrift: '20 seconds' } as const;

function payments(splitOf: (split: number) => number, count: number, ratePerSecond?: number) {
  return generator({
    schema: Payment,
    record: (index, split) => paymentOf(index, splitOf(split)),
    time: ({ at }) => at,
    count,
    splits: 2,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
}

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('looked-up', {
  config: t.row({ file: t.string, count: t.int }),
  build({ source, config }) {
    const options = { watermark: '3 seconds', idle: '1 minute', align } as const;
    const slow = source(
      'slow',
      payments((split) => split, config.count, 400),
      options,
    );
    source(
      'fast',
      payments((split) => split + 2, config.count),
      options,
    )
      .union(slow)
      .asyncMap('looked-up', {
        output: Payment,
        order: 'unordered',
        call: (payment) => new Promise((resolve) => setTimeout(() => resolve(payment), payment.amount % 7)),
      })
      .keyBy(({ country }) => country)
      .window(tumbling('1 minute'))
      .aggregate('per-country', { payments: count(), volume: sum(({ amount }) => amount) })
      .to(fileSink(config.file), 'totals');
  },
});
