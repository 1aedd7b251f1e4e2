import { count, session } from '../../../engine/index.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** Bids of each bidder's session, ended by 10 seconds without a bid. */
export const q11: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ bidder }) => bidder)
    .window(session('10 seconds'))
    .aggregate('sessions', { bids: count() });
  output(rows, {
    columns: ({ key, bids, start, end }) => ({
      bidder: key,
      bid_count: bids,
      starttime: sqlTime(start),
      endtime: sqlTime(end),
    }),
  });
};
