import { t, value } from '../../../engine/index.ts';
import { sqlTime } from '../json-lines.ts';
import { pairKey } from '../pair-key.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

const DAY_MS = 86_400_000;
const Totals = t.row({
  auction: t.int,
  day: t.int,
  bids: t.int,
  rank1: t.int,
  rank2: t.int,
  rank3: t.int,
  min: t.int,
  max: t.int,
  sum: t.int,
});

/** Each auction's bids of a day. */
export const q17: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ auction, dateTime }) => pairKey(Math.floor(dateTime / DAY_MS), auction))
    .process('per-day', {
      output: Totals,
      state: { totals: value(Totals) },
      onRecord({ auction, price, dateTime }, ctx) {
        const held = ctx.state.totals.get();
        const totals = {
          auction,
          day: Math.floor(dateTime / DAY_MS),
          bids: (held?.bids ?? 0) + 1,
          rank1: (held?.rank1 ?? 0) + (price < 10_000 ? 1 : 0),
          rank2: (held?.rank2 ?? 0) + (price >= 10_000 && price < 1_000_000 ? 1 : 0),
          rank3: (held?.rank3 ?? 0) + (price >= 1_000_000 ? 1 : 0),
          min: held === undefined ? price : Math.min(held.min, price),
          max: held === undefined ? price : Math.max(held.max, price),
          sum: (held?.sum ?? 0) + price,
        };
        ctx.state.totals.set(totals);
        ctx.emit(totals);
      },
    });
  output(rows, {
    columns: ({ auction, day, bids, rank1, rank2, rank3, min, max, sum }) => ({
      auction,
      day: sqlTime(day * DAY_MS).slice(0, 10),
      total_bids: bids,
      rank1_bids: rank1,
      rank2_bids: rank2,
      rank3_bids: rank3,
      min_price: min,
      max_price: max,
      avg_price: Math.floor(sum / bids),
      sum_price: sum,
    }),
    key: ({ auction, day }) => `${auction} ${day}`,
  });
};
