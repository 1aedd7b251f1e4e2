import { list, t, value } from '../../../engine/index.ts';
import type { Query } from '../query.ts';
import { auctionsOf, bidsOf } from '../views.ts';

const Lot = t.row({ category: t.int, from: t.instant, to: t.instant });
const Offer = t.row({ price: t.int, at: t.instant });
/** How the highest bid of an auction has grown; `previous` is null for the first one. */
const Raise = t.row({ category: t.int, price: t.int, previous: t.nullable(t.int) });
const Row = t.row({ category: t.int, average: t.int });

/** Average winning price of a category: of each auction the highest bid made while it was open. */
export const q4: Query = (events, output) => {
  const raises = auctionsOf(events)
    .keyBy(({ id }) => id)
    .connect(bidsOf(events).keyBy(({ auction }) => auction))
    .process('highest-bids', {
      output: Raise,
      state: { lot: value(Lot), highest: value(t.int), early: list(Offer) },
      onFirst({ category, dateTime, expires }, ctx) {
        ctx.state.lot.set({ category, from: dateTime, to: expires });
        let highest: number | undefined;
        for (const { price, at } of ctx.state.early) {
          if (at >= dateTime && at <= expires && !(price <= (highest ?? -1))) highest = price;
        }
        ctx.state.early.clear();
        if (highest === undefined) return;
        ctx.state.highest.set(highest);
        ctx.emit({ category, price: highest, previous: null });
      },
      onSecond({ price, dateTime }, ctx) {
        const lot = ctx.state.lot.get();
        if (lot === undefined) {
          ctx.state.early.push({ price, at: dateTime });
          return;
        }
        if (dateTime < lot.from || dateTime > lot.to) return;
        const previous = ctx.state.highest.get() ?? null;
        if (previous !== null && price <= previous) return;
        ctx.state.highest.set(price);
        ctx.emit({ category: lot.category, price, previous });
      },
    });
  const rows = raises
    .keyBy(({ category }) => category)
    .process('averages', {
      output: Row,
      state: { totals: value(t.row({ auctions: t.int, sum: t.int })) },
      onRecord({ category, price, previous }, ctx) {
        const totals = ctx.state.totals.get() ?? { auctions: 0, sum: 0 };
        const auctions = previous === null ? totals.auctions + 1 : totals.auctions;
        const sum = totals.sum + price - (previous ?? 0);
        ctx.state.totals.set({ auctions, sum });
        ctx.emit({ category, average: Math.floor(sum / auctions) });
      },
    });
  output(rows, { columns: (row) => row, key: ({ category }) => category });
};
