import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { pattern } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { type Offer, offerOf, offersOf } from './bids.ts';

const CHEAP = 100_000;
const DEAR = 900_000;
const WITHIN_MS = 10_000;

const isCheap = ({ price }: Offer): boolean => price < CHEAP;
const isDear = ({ price }: Offer): boolean => price > DEAR;

/** A pattern of two steps for each bidder: a cheap bid, and the next one is dear. */
export const twoStepPattern: Query = {
  name: 'pattern of two steps by key',
  shuffles: true,
  build: (events, sink) =>
    sink(
      offersOf(events)
        .keyBy(({ bidder }) => bidder)
        .match(
          'change-of-mind',
          pattern<Offer>()
            .begin('cheap', { where: isCheap })
            .next('dear', { where: isDear })
            .within('10 seconds'),
        ),
      ({ cheap, dear }) => cheap.price + dear.price,
    ),
  byHand: () => new Loop(),
};

interface Timed {
  readonly bid: Offer;
  readonly time: number;
}

/** Cheap bids are forgotten a second of them at a time. */
const BUCKET_MS = 1000;

/**
 * As the engine does it: bids wait for the watermark and are looked at in the order of their times, and a cheap bid is
 * forgotten when its time is over.
 */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #cheap = new Map<number, Timed>();
  readonly #waiting = new Map<number, Timed[]>();
  /** Bidders by the time of their cheap bids. */
  readonly #begun = new Map<number, number[]>();
  #next = Number.NaN;
  #watermark = -Infinity;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      const time = times[index] ?? 0;
      if (bid !== null && time > this.#watermark) this.#wait({ bid: offerOf(bid), time });
    }
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    for (; this.#next <= watermark; this.#next++) {
      const due = this.#waiting.get(this.#next);
      if (due === undefined) continue;
      this.#waiting.delete(this.#next);
      for (const timed of due) this.#look(timed);
    }
    for (const [bucket, bidders] of this.#begun) {
      if ((bucket + 1) * BUCKET_MS + WITHIN_MS > watermark) break;
      this.#begun.delete(bucket);
      for (const bidder of bidders) this.#forget(bidder, watermark);
    }
  }

  #wait(timed: Timed): void {
    const { time } = timed;
    const others = this.#waiting.get(time);
    if (others === undefined) this.#waiting.set(time, [timed]);
    else others.push(timed);
    if (!(time >= this.#next)) this.#next = time;
  }

  #look(timed: Timed): void {
    const { bid, time } = timed;
    const cheap = this.#cheap.get(bid.bidder);
    if (cheap !== undefined && isDear(bid) && time - cheap.time < WITHIN_MS) {
      this.#write({ cheap: cheap.bid, dear: bid });
    }
    if (isCheap(bid)) this.#begin(timed);
    else if (cheap !== undefined) this.#cheap.delete(bid.bidder);
  }

  #begin(timed: Timed): void {
    const { bidder } = timed.bid;
    this.#cheap.set(bidder, timed);
    const bucket = Math.floor(timed.time / BUCKET_MS);
    const bidders = this.#begun.get(bucket);
    if (bidders === undefined) this.#begun.set(bucket, [bidder]);
    else bidders.push(bidder);
  }

  #forget(bidder: number, watermark: number): void {
    const cheap = this.#cheap.get(bidder);
    if (cheap !== undefined && cheap.time + WITHIN_MS <= watermark) this.#cheap.delete(bidder);
  }

  #write({ cheap, dear }: { readonly cheap: Offer; readonly dear: Offer }): void {
    this.outcome.add(cheap.price + dear.price);
  }
}
