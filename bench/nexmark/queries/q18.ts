import { value } from '../../../engine/index.ts';
import { Bid } from '../events.ts';
import { sqlTime } from '../json-lines.ts';
import { pairKey } from '../pair-key.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** The last bid of each bidder on each auction. */
export const q18: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ bidder, auction }) => pairKey(bidder, auction))
    .process('last-bids', {
      output: Bid,
      state: { last: value(Bid) },
      onRecord(bid, ctx) {
        const last = ctx.state.last.get();
        if (last !== undefined && last.dateTime > bid.dateTime) return;
        ctx.state.last.set(bid);
        ctx.emit(bid);
      },
    });
  output(rows, {
    columns: (bid) => ({ ...bid, dateTime: sqlTime(bid.dateTime) }),
    key: ({ bidder, auction }) => `${bidder} ${auction}`,
  });
};
