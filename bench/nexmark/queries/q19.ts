import { list, t } from '../../../engine/index.ts';
import { Bid } from '../events.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

const PLACES = 10;
const Row = t.row({ bid: Bid, place: t.int });

/** The ten highest bids of each auction, with their rank. */
export const q19: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ auction }) => auction)
    .process('highest-bids', {
      output: Row,
      state: { highest: list(Bid) },
      onRecord(bid, ctx) {
        const highest = [...ctx.state.highest];
        let at = highest.length;
        while (at > 0 && (highest[at - 1]?.price ?? 0) < bid.price) at--;
        if (at === PLACES) return;
        highest.splice(at, 0, bid);
        if (highest.length > PLACES) highest.pop();
        ctx.state.highest.set(highest);
        // Every bid behind it has another rank now.
        for (const [index, moved] of highest.entries()) {
          if (index >= at) ctx.emit({ bid: moved, place: index + 1 });
        }
      },
    });
  output(rows, {
    columns: ({ bid, place }) => ({ ...bid, dateTime: sqlTime(bid.dateTime), place }),
    key: ({ bid, place }) => `${bid.auction} ${place}`,
  });
};
