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

/** As the engine does it: bids of a key wait for the watermark and are looked at in the order of their times. */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #cheap = new Map<number, Timed>();
  #waiting: Timed[] = [];
  #watermark = -Infinity;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      const time = times[index] ?? 0;
      if (bid !== null && time > this.#watermark) this.#waiting.push({ bid: offerOf(bid), time });
    }
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    const due = this.#waiting.filter(({ time }) => time <= watermark);
    this.#waiting = this.#waiting.filter(({ time }) => time > watermark);
    due.sort((left, right) => left.time - right.time);
    for (const timed of due) this.#look(timed);
  }

  #look(timed: Timed): void {
    const { bid, time } = timed;
    const cheap = this.#cheap.get(bid.bidder);
    if (cheap !== undefined) {
      if (isDear(bid) && time - cheap.time < WITHIN_MS) this.#write({ cheap: cheap.bid, dear: bid });
      if (!isCheap(bid)) this.#cheap.delete(bid.bidder);
    }
    if (isCheap(bid)) this.#cheap.set(bid.bidder, timed);
  }

  #write({ cheap, dear }: { readonly cheap: Offer; readonly dear: Offer }): void {
    this.outcome.add(cheap.price + dear.price);
  }
}
