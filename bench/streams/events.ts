/** Events of an auction house in Nexmark's mix: of fifty, one is a person, three are auctions, 46 are bids. */
import { BATCH_SIZE, type RecordBatch } from '../../engine/data/record-batch.ts';
import { type Infer, t } from '../../engine/index.ts';

export const Person = t.row({ id: t.int, name: t.string, city: t.string, state: t.string });
export const Auction = t.row({
  id: t.int,
  itemName: t.string,
  initialBid: t.int,
  seller: t.int,
  category: t.int,
});
export const Bid = t.row({
  auction: t.int,
  bidder: t.int,
  price: t.int,
  channel: t.string,
  url: t.string,
  extra: t.string,
});
export const AuctionEvent = t.row({
  kind: t.enum('person', 'auction', 'bid'),
  person: t.nullable(Person),
  auction: t.nullable(Auction),
  bid: t.nullable(Bid),
});
export type Auction = Infer<typeof Auction>;
export type Bid = Infer<typeof Bid>;
export type AuctionEvent = Infer<typeof AuctionEvent>;

/** Events in memory; they are sent again and again, each time later. */
const POOL = 1 << 18;
/** Events of one round. */
export const EVENTS = 1 << 19;
const EVENTS_PER_MS = 100;
const BIDDERS = 100_000;
/** Bids go to auctions of the last seconds, half of them to a few. */
const OPEN_AUCTIONS = 2000;
const HOT_AUCTIONS = 100;
/** A fifth of all events come later than their time says. */
export const DISORDER_MS = 200;
const START = 1_700_000_000_000;
/** Batches between two watermarks. */
export const WATERMARK_BATCHES = 4;

interface Pool {
  readonly events: readonly AuctionEvent[];
  /** How much earlier than when it is sent each event happened. */
  readonly delays: Uint8Array;
}

/** The same in every run. */
function makePool(): Pool {
  let state = 99;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const delays = Uint8Array.from({ length: POOL }, () => (below(5) === 0 ? below(DISORDER_MS) : 0));
  let auctions = OPEN_AUCTIONS;
  const events = Array.from({ length: POOL }, (_, index): AuctionEvent => {
    const turn = index % 50;
    if (turn === 0) return { kind: 'person', person: person(below(BIDDERS)), auction: null, bid: null };
    if (turn <= 3) {
      auctions += 1;
      return { kind: 'auction', person: null, auction: auction(auctions, below), bid: null };
    }
    return { kind: 'bid', person: null, auction: null, bid: bid(auctions, below) };
  });
  return { events, delays };
}

function person(id: number) {
  return { id, name: `person ${id}`, city: `city ${id % 100}`, state: `state ${id % 50}` };
}

function auction(id: number, below: (limit: number) => number): Auction {
  return {
    id,
    itemName: `item ${id}`,
    initialBid: 1 + below(1000),
    seller: below(BIDDERS),
    category: below(20),
  };
}

function bid(newest: number, below: (limit: number) => number): Bid {
  const isHot = below(2) === 0;
  const channel = below(10_000);
  return {
    auction: newest - below(isHot ? HOT_AUCTIONS : OPEN_AUCTIONS),
    bidder: below(BIDDERS),
    price: 100 + below(1_000_000),
    channel: isHot ? 'Google' : `channel-${channel}`,
    url: `https://www.nexmark.com/item.htm?query=1&channel_id=${channel}`,
    extra: 'x'.repeat(20 + below(16)),
  };
}

const pool = makePool();

/** Fills `batch` as a source does, with the event times of `round`; gives the latest of them. */
export function fillBatch(batch: RecordBatch, first: number): number {
  const { events, delays } = pool;
  const from = first % POOL;
  const { values, times } = batch;
  for (let index = 0; index < BATCH_SIZE; index++) {
    values[index] = events[from + index];
    times[index] = START + Math.floor((first + index) / EVENTS_PER_MS) - (delays[from + index] ?? 0);
  }
  batch.size = BATCH_SIZE;
  return START + Math.floor((first + BATCH_SIZE - 1) / EVENTS_PER_MS);
}

/** One event by its number, for sources that make records one by one. */
export function eventOf(index: number): AuctionEvent {
  // The pool is full.
  return pool.events[index % POOL] as AuctionEvent;
}
