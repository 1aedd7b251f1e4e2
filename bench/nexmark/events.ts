/**
 * The stream of the Nexmark benchmark: event n is a function of n, a seed and a rate alone, equal to the bit to the one
 * that `flink/Generator.java` makes. `README.md` has its rules.
 */
import { type Infer, t } from '../../engine/index.ts';

export const Person = t.row({
  id: t.int,
  name: t.string,
  emailAddress: t.string,
  creditCard: t.string,
  city: t.string,
  state: t.string,
  dateTime: t.instant,
  extra: t.string,
});
export const Auction = t.row({
  id: t.int,
  itemName: t.string,
  description: t.string,
  initialBid: t.int,
  reserve: t.int,
  dateTime: t.instant,
  expires: t.instant,
  seller: t.int,
  category: t.int,
  extra: t.string,
});
export const Bid = t.row({
  auction: t.int,
  bidder: t.int,
  price: t.int,
  channel: t.string,
  url: t.string,
  dateTime: t.instant,
  extra: t.string,
});
/** Of the three parts that of its type is there: 0 is a person, 1 an auction, 2 a bid. */
export const Event = t.row({
  event_type: t.int,
  person: t.nullable(Person),
  auction: t.nullable(Auction),
  bid: t.nullable(Bid),
});
export type Person = Infer<typeof Person>;
export type Auction = Infer<typeof Auction>;
export type Bid = Infer<typeof Bid>;
export type Event = Infer<typeof Event>;

/** Which stream it is. */
export interface EventOptions {
  readonly seed: number;
  /** Events a second of event time. */
  readonly rate: number;
}

const START = Date.UTC(2026, 0, 1);
const FIRST_ID = 1000;
const FIRST_NAMES = ['anna', 'boris', 'clara', 'david', 'elena', 'felix', 'grace', 'hugo', 'irene', 'jonas'];
const LAST_NAMES = [
  'adams',
  'brandt',
  'costa',
  'dubois',
  'evans',
  'fischer',
  'garcia',
  'huber',
  'ivanov',
  'jensen',
];
const CITIES = [
  'Phoenix',
  'Oakland',
  'Fresno',
  'Boise',
  'Nampa',
  'Portland',
  'Salem',
  'Seattle',
  'Tacoma',
  'Casper',
];
const STATES = ['AZ', 'CA', 'CA', 'ID', 'ID', 'OR', 'OR', 'WA', 'WA', 'WY'];
const HOT_CHANNELS = ['Apple', 'Google', 'Facebook', 'Baidu'];
const CHANNELS = 10_004;
const EXTRAS = 1024;

const extras = Array.from({ length: EXTRAS }, (_, index) => letters(index, 4 + (index % 17)));
const channels = Array.from({ length: CHANNELS }, (_, index) => HOT_CHANNELS[index] ?? `channel-${index}`);
const urls = Array.from(
  { length: CHANNELS },
  (_, index) =>
    `https://shop.example/${letters(10_000 + index, 3)}/${letters(20_100 + index, 4)}/${letters(30_200 + index, 3)}/item.htm?query=1` +
    (index < 4 || index % 10 === 0 ? '' : `&channel_id=${index}`),
);
const fourDigits = Array.from({ length: 10_000 }, (_, number) => String(number).padStart(4, '0'));

/** Makes events by their numbers, which are below 2³¹. */
export class EventGenerator {
  readonly #seeded: number;
  readonly #rate: number;
  /** Milliseconds in which 100 auctions open, on average. */
  readonly #horizonMs: number;

  constructor({ seed, rate }: EventOptions) {
    this.#seeded = mix(seed | 0);
    this.#rate = rate;
    this.#horizonMs = Math.max(1, Math.floor(5_000_000 / (3 * rate)));
  }

  event(number: number): Event {
    const state = mix((number + this.#seeded) | 0);
    const group = (number / 50) | 0;
    const place = (number - group * 50) | 0;
    const time = START + Math.floor((number * 1000) / this.#rate) + (drawn(state, 1) >>> 30);
    if (place > 3) return { event_type: 2, person: null, auction: null, bid: bidOf(state, group, time) };
    if (place === 0) {
      return { event_type: 0, person: personOf(state, group, time), auction: null, bid: null };
    }
    const auction = auctionOf(state, 3 * group + place - 1, time);
    auction.expires = time + 1 + draw(state, 9, 2 * this.#horizonMs);
    return { event_type: 1, person: null, auction, bid: null };
  }
}

/** Of a draw whose bound is a power of two the upper bits are all; spelt out, since bids are most of the stream. */
function bidOf(state: number, group: number, dateTime: number): Bid {
  const newest = (3 * group + 2) | 0;
  const isHotAuction = drawn(state, 2) < 0;
  const isHotBidder = drawn(state, 4) >>> 30 > 0;
  const ninth = drawn(state, 9);
  const channel = drawn(state, 8) < 0 ? ninth >>> 30 : 4 + below(ninth, 10_000);
  return {
    auction:
      FIRST_ID +
      (isHotAuction ? newest - (newest % 100) : newest - draw(state, 3, newest < 99 ? newest + 1 : 100)),
    bidder:
      FIRST_ID +
      (isHotBidder ? group - (group % 100) + 1 : group - draw(state, 5, group < 999 ? group + 1 : 1000)),
    price: priceOf(state, 6),
    channel: channels[channel] ?? '',
    url: urls[channel] ?? '',
    dateTime,
    extra: extras[drawn(state, 10) >>> 22] ?? '',
  };
}

/** An auction of this place among all auctions; when it expires, the rate of the stream tells. */
function auctionOf(state: number, place: number, dateTime: number): Auction {
  const group = Math.floor(place / 3);
  const initialBid = priceOf(state, 5);
  const isHotSeller = draw(state, 10, 4) > 0;
  return {
    id: FIRST_ID + place,
    itemName: extraOf(state, 2),
    description: `${extraOf(state, 3)} ${extraOf(state, 4)}`,
    initialBid,
    reserve: initialBid + priceOf(state, 7),
    dateTime,
    expires: dateTime,
    seller:
      FIRST_ID + (isHotSeller ? group - (group % 100) : group - draw(state, 11, Math.min(1000, group + 1))),
    category: 10 + draw(state, 12, 5),
    extra: extraOf(state, 13),
  };
}

function personOf(state: number, group: number, dateTime: number): Person {
  const first = textAt(FIRST_NAMES, draw(state, 2, 10));
  const last = textAt(LAST_NAMES, draw(state, 3, 10));
  const place = draw(state, 4, 10);
  const digits = (k: number): string => textAt(fourDigits, draw(state, k, 10_000));
  return {
    id: FIRST_ID + group,
    name: `${first} ${last}`,
    emailAddress: `${first}.${last}@mail.example`,
    creditCard: `${digits(5)} ${digits(6)} ${digits(7)} ${digits(8)}`,
    city: textAt(CITIES, place),
    state: textAt(STATES, place),
    dateTime,
    extra: extraOf(state, 9),
  };
}

function extraOf(state: number, k: number): string {
  return textAt(extras, draw(state, k, EXTRAS));
}

/** 100 to 104,857,599: every octave has as many, evenly spread. In 32 bits, since (v · 100 · 2ᵒ) / 2²⁰ is a shift. */
function priceOf(state: number, k: number): number {
  const octave = draw(state, k, 20);
  return (100 << octave) + (Math.imul(drawn(state, k + 1) >>> 12, 100) >>> (20 - octave));
}

function draw(state: number, k: number, bound: number): number {
  return below(drawn(state, k), bound);
}

/** floor(drawn × bound / 2³²) in halves, so that all of it stays in 32 bits; bounds are at most 2¹⁶. */
function below(drawn: number, bound: number): number {
  return (Math.imul(drawn >>> 16, bound) + (Math.imul(drawn & 0xffff, bound) >>> 16)) >>> 16;
}

/** Time of an event, as the table of the SQL queries computes it. */
export function timeOf(event: Event): number {
  return (event.bid ?? event.auction ?? event.person)?.dateTime ?? Number.NaN;
}

function mix(input: number): number {
  let mixed = Math.imul(input ^ (input >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}

function drawn(state: number, k: number): number {
  return mix((state + Math.imul(k, 0x9e3779b9)) | 0);
}

function letters(key: number, length: number): string {
  return Array.from({ length }, (_, index) => String.fromCodePoint(97 + below(drawn(key, index), 26))).join(
    '',
  );
}

function textAt(texts: readonly string[], index: number): string {
  return texts[index] ?? '';
}
