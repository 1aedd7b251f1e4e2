import type { Stream } from '../../../engine/index.ts';
import type { Auction, AuctionEvent, Bid } from '../events.ts';

/** The bids among the events. */
export function bidsOf(events: Stream<AuctionEvent>): Stream<Bid> {
  return events
    .filter((event): event is AuctionEvent & { readonly bid: Bid } => event.bid !== null, 'is-bid')
    .map((event) => event.bid, 'bid');
}

/** The auctions among the events. */
export function auctionsOf(events: Stream<AuctionEvent>): Stream<Auction> {
  return events
    .filter(
      (event): event is AuctionEvent & { readonly auction: Auction } => event.auction !== null,
      'is-auction',
    )
    .map((event) => event.auction, 'auction');
}
