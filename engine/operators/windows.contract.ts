import { avg, count, max, min, sum } from '../stream/aggregates.ts';
import { sliding, tumbling } from '../stream/windows.ts';
import type { OperatorContract } from './operator-contract.contract.ts';

/** Windows over a keyed stream. */
export const windowContracts: readonly OperatorContract[] = [
  {
    name: 'a tumbling aggregate',
    blocks: false,
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .window(tumbling('2 seconds', { offset: '500 ms' }))
        .aggregate('op', {
          n: count(),
          sum: sum((record) => record.n),
          low: min((record) => record.n),
          high: max((record) => record.n),
          mean: avg((record) => record.n),
        }),
  },
  {
    name: 'a sliding aggregate with lateness',
    blocks: false,
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .window(sliding('4 seconds', '1 second'), { lateness: '10 seconds' })
        .aggregate('op', { n: count(), sum: sum((record) => record.n) }),
  },
];
