import { list, t, value } from '../../../engine/index.ts';
import { Auction, Bid } from '../events.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { auctionsOf, bidsOf } from '../views.ts';

const CATEGORY = 10;
const Row = t.row({ bid: Bid, auction: Auction });

/** Bids on auctions of category 10, with the auction. */
export const q20: Query = (events, output) => {
  const rows = auctionsOf(events)
    .keyBy(({ id }) => id)
    .connect(bidsOf(events).keyBy(({ auction }) => auction))
    .process('bids-with-auction', {
      output: Row,
      // Bids of an auction that is not yet known wait; those of other categories are told by its mark alone.
      state: { wanted: value(t.boolean), auction: value(Auction), early: list(Bid) },
      onFirst(auction, ctx) {
        const wanted = auction.category === CATEGORY;
        ctx.state.wanted.set(wanted);
        if (wanted) {
          ctx.state.auction.set(auction);
          for (const bid of ctx.state.early) ctx.emit({ bid, auction });
        }
        ctx.state.early.clear();
      },
      onSecond(bid, ctx) {
        const wanted = ctx.state.wanted.get();
        if (wanted === false) return;
        const auction = ctx.state.auction.get();
        if (auction === undefined) ctx.state.early.push(bid);
        else ctx.emit({ bid, auction });
      },
    });
  output(rows, {
    columns: ({ bid, auction }) => ({
      auction: bid.auction,
      bidder: bid.bidder,
      price: bid.price,
      channel: bid.channel,
      url: bid.url,
      bid_time: sqlTime(bid.dateTime),
      bid_extra: bid.extra,
      itemName: auction.itemName,
      description: auction.description,
      initialBid: auction.initialBid,
      reserve: auction.reserve,
      auction_time: sqlTime(auction.dateTime),
      expires: sqlTime(auction.expires),
      seller: auction.seller,
      category: auction.category,
      auction_extra: auction.extra,
    }),
  });
};
