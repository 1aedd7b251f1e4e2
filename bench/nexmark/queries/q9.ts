import { list, t, value } from '../../../engine/index.ts';
import { Auction, Bid } from '../events.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { auctionsOf, bidsOf } from '../views.ts';

const Row = t.row({ auction: Auction, bid: Bid });

/** The winning bid of each auction: highest price while it was open, then the earliest. */
export const q9: Query = (events, output) => {
  const rows = auctionsOf(events)
    .keyBy(({ id }) => id)
    .connect(bidsOf(events).keyBy(({ auction }) => auction))
    .process('winning-bids', {
      output: Row,
      state: { auction: value(Auction), winning: value(Bid), early: list(Bid) },
      onFirst(auction, ctx) {
        ctx.state.auction.set(auction);
        let winning: Bid | undefined;
        for (const bid of ctx.state.early) if (wins(bid, auction, winning)) winning = bid;
        ctx.state.early.clear();
        if (winning === undefined) return;
        ctx.state.winning.set(winning);
        ctx.emit({ auction, bid: winning });
      },
      onSecond(bid, ctx) {
        const auction = ctx.state.auction.get();
        if (auction === undefined) {
          ctx.state.early.push(bid);
          return;
        }
        if (!wins(bid, auction, ctx.state.winning.get())) return;
        ctx.state.winning.set(bid);
        ctx.emit({ auction, bid });
      },
    });
  output(rows, {
    columns: ({ auction, bid }) => ({
      ...auction,
      dateTime: sqlTime(auction.dateTime),
      expires: sqlTime(auction.expires),
      // Written behind `extra`, which an auction has last.
      auction: bid.auction,
      bidder: bid.bidder,
      price: bid.price,
      bid_time: sqlTime(bid.dateTime),
      bid_extra: bid.extra,
    }),
    key: ({ auction }) => auction.id,
  });
};

function wins(bid: Bid, { dateTime, expires }: Auction, winning: Bid | undefined): boolean {
  if (bid.dateTime < dateTime || bid.dateTime > expires) return false;
  if (winning === undefined || bid.price > winning.price) return true;
  return bid.price === winning.price && bid.dateTime < winning.dateTime;
}
