import type { Stream } from '../../../engine/index.ts';
import type { Auction, AuctionEvent, Bid } from '../events.ts';

/** The bids among the events. */
export function bidsOf(events: Stream<AuctionEvent>): Stream<Bid> {
  return events
    .filter((event): event is AuctionEvent & { readonly bid: Bid } => event.bid !== null, 'is-bid')
    .map((event) => event.bid, 'bid');
}

/** What most queries need of a bid. */
export interface Offer {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
}

/**
 * The bids without what no query reads, as SQL would project them: whoever keeps records keeps copies of their texts,
 * since the texts of a source are slices of its input.
 */
export function offersOf(events: Stream<AuctionEvent>): Stream<Offer> {
  return bidsOf(events).map(offerOf, 'offer');
}

export function offerOf({ auction, bidder, price }: Bid): Offer {
  return { auction, bidder, price };
}

/** What the join needs of an auction. */
export interface Lot {
  readonly id: number;
  readonly category: number;
}

export function lotOf({ id, category }: Auction): Lot {
  return { id, category };
}

/** The auctions among the events. */
export function lotsOf(events: Stream<AuctionEvent>): Stream<Lot> {
  return events
    .filter(
      (event): event is AuctionEvent & { readonly auction: Auction } => event.auction !== null,
      'is-auction',
    )
    .map((event) => lotOf(event.auction), 'lot');
}
