import { aggregate, tumbling } from '../../../engine/index.ts';
import { Bid } from '../events.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** Highest bids of each 10 seconds. */
export const q7: Query = (events, output) => {
  const rows = bidsOf(events)
    .windowAll(tumbling('10 seconds'))
    .aggregate(
      'highest',
      {
        top: aggregate<Bid, Bid[], readonly Bid[]>({
          init: () => [],
          add: (top, bid) => {
            const highest = top[0]?.price ?? 0;
            if (bid.price < highest) return top;
            if (bid.price > highest) top.length = 0;
            top.push(bid);
            return top;
          },
          result: (top) => top,
        }),
      },
      {
        output: Bid,
        onWindow({ top }, ctx) {
          for (const bid of top) ctx.emit(bid);
        },
      },
    );
  output(rows, {
    columns: ({ auction, price, bidder, dateTime, extra }) => ({
      auction,
      price,
      bidder,
      dateTime: sqlTime(dateTime),
      extra,
    }),
  });
};
