import { count, tumbling } from '../../../engine/index.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** No query of Nexmark, but what a DataStream program is compared by: bids of each bidder in 10 seconds of event time. */
export const bidcount: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ bidder }) => bidder)
    .window(tumbling('10 seconds'))
    .aggregate('per-bidder', { bids: count() });
  output(rows, {
    columns: ({ key, bids, start }) => ({ window_start: sqlTime(start), bidder: key, count: bids }),
  });
};
