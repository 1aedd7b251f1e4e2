import type { Stream } from '../../engine/index.ts';
import type { Auction, Bid, Event, Person } from './events.ts';

/** The persons among the events. */
export function personsOf(events: Stream<Event>): Stream<Person> {
  return events
    .filter((event): event is Event & { readonly person: Person } => event.person !== null, 'is-person')
    .map((event) => event.person, 'person');
}

/** The auctions among the events. */
export function auctionsOf(events: Stream<Event>): Stream<Auction> {
  return events
    .filter((event): event is Event & { readonly auction: Auction } => event.auction !== null, 'is-auction')
    .map((event) => event.auction, 'auction');
}

/** The bids among the events. */
export function bidsOf(events: Stream<Event>): Stream<Bid> {
  return events
    .filter((event): event is Event & { readonly bid: Bid } => event.bid !== null, 'is-bid')
    .map((event) => event.bid, 'bid');
}
