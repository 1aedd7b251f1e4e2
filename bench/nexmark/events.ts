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

/** Makes events by their numbers. */
export class EventGenerator {
  readonly #seeded: number;
  readonly #rate: number;
  /** Milliseconds in which 100 auctions open, on average. */
  readonly #horizonMs: number;
  #state = 0;

  constructor({ seed, rate }: EventOptions) {
    this.#seeded = mix(seed | 0);
    this.#rate = rate;
    this.#horizonMs = Math.max(1, Math.floor(5_000_000 / (3 * rate)));
  }

  event(number: number): Event {
    this.#state = mix((number + this.#seeded) | 0);
    const group = Math.floor(number / 50);
    const place = number - group * 50;
    const time = START + Math.floor((number * 1000) / this.#rate) + this.#below(1, 4);
    if (place > 3) return { event_type: 2, person: null, auction: null, bid: this.#bid(group, time) };
    if (place === 0) return { event_type: 0, person: this.#person(group, time), auction: null, bid: null };
    return { event_type: 1, person: null, auction: this.#auction(group, place, time), bid: null };
  }

  #bid(group: number, dateTime: number): Bid {
    const newest = 3 * group + 2;
    const isHotAuction = this.#below(2, 2) > 0;
    const isHotBidder = this.#below(4, 4) > 0;
    const channel = this.#below(8, 2) > 0 ? this.#below(9, 4) : 4 + this.#below(9, 10_000);
    return {
      auction:
        FIRST_ID +
        (isHotAuction ? newest - (newest % 100) : newest - this.#below(3, Math.min(100, newest + 1))),
      bidder:
        FIRST_ID +
        (isHotBidder ? group - (group % 100) + 1 : group - this.#below(5, Math.min(1000, group + 1))),
      price: this.#price(6),
      channel: textAt(channels, channel),
      url: textAt(urls, channel),
      dateTime,
      extra: this.#extra(10),
    };
  }

  #auction(group: number, place: number, dateTime: number): Auction {
    const initialBid = this.#price(5);
    const isHotSeller = this.#below(10, 4) > 0;
    return {
      id: FIRST_ID + 3 * group + place - 1,
      itemName: this.#extra(2),
      description: `${this.#extra(3)} ${this.#extra(4)}`,
      initialBid,
      reserve: initialBid + this.#price(7),
      dateTime,
      expires: dateTime + 1 + this.#below(9, 2 * this.#horizonMs),
      seller:
        FIRST_ID + (isHotSeller ? group - (group % 100) : group - this.#below(11, Math.min(1000, group + 1))),
      category: 10 + this.#below(12, 5),
      extra: this.#extra(13),
    };
  }

  #person(group: number, dateTime: number): Person {
    const first = textAt(FIRST_NAMES, this.#below(2, 10));
    const last = textAt(LAST_NAMES, this.#below(3, 10));
    const place = this.#below(4, 10);
    const digits = (draw: number): string => textAt(fourDigits, this.#below(draw, 10_000));
    return {
      id: FIRST_ID + group,
      name: `${first} ${last}`,
      emailAddress: `${first}.${last}@mail.example`,
      creditCard: `${digits(5)} ${digits(6)} ${digits(7)} ${digits(8)}`,
      city: textAt(CITIES, place),
      state: textAt(STATES, place),
      dateTime,
      extra: this.#extra(9),
    };
  }

  #extra(draw: number): string {
    return textAt(extras, this.#below(draw, EXTRAS));
  }

  /** 100 to 104,857,599: every octave has as many, evenly spread. */
  #price(draw: number): number {
    const low = 100 << this.#below(draw, 20);
    return low + Math.floor(((drawn(this.#state, draw + 1) >>> 12) * low) / 0x10_0000);
  }

  #below(draw: number, bound: number): number {
    return below(drawn(this.#state, draw), bound);
  }
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

function drawn(state: number, draw: number): number {
  return mix((state + Math.imul(draw, 0x9e3779b9)) | 0);
}

function letters(key: number, length: number): string {
  return Array.from({ length }, (_, index) => String.fromCodePoint(97 + below(drawn(key, index), 26))).join(
    '',
  );
}

function textAt(texts: readonly string[], index: number): string {
  return texts[index] ?? '';
}
