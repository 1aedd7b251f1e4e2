import { t, value } from '../../../engine/index.ts';
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
      state: { highest: value(t.array(Bid)) },
      onRecord(bid, ctx) {
        const highest = ctx.state.highest.get() ?? [];
        const lower = highest.findIndex(({ price }) => price < bid.price);
        const at = lower < 0 ? highest.length : lower;
        if (at === PLACES) return;
        const now = highest.toSpliced(at, 0, bid).slice(0, PLACES);
        ctx.state.highest.set(now);
        // Every bid behind it has another rank now.
        for (const [index, moved] of now.entries()) {
          if (index >= at) ctx.emit({ bid: moved, place: index + 1 });
        }
      },
    });
  output(rows, {
    columns: ({ bid, place }) => ({ ...bid, dateTime: sqlTime(bid.dateTime), place }),
    key: ({ bid, place }) => `${bid.auction} ${place}`,
  });
};
