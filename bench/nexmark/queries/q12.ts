import { count, tumbling } from '../../../engine/index.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** Bids of each bidder in 10 seconds of processing time. */
export const q12: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ bidder }) => bidder)
    .window(tumbling('10 seconds', { time: 'processing' }))
    .aggregate('per-bidder', { bids: count() });
  output(rows, {
    columns: ({ key, bids, start, end }) => ({
      bidder: key,
      bid_count: bids,
      starttime: sqlTime(start),
      endtime: sqlTime(end),
    }),
  });
};
