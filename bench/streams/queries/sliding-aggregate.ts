import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { count, sliding, sum } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { bidsOf } from './bids.ts';

const SIZE_MS = 10_000;
const SLIDE_MS = 2000;

interface Totals {
  bids: number;
  volume: number;
}

interface Row extends Totals {
  readonly key: number;
  readonly start: number;
  readonly end: number;
}

/** The windows of Nexmark's query 5: bids per auction in the last ten seconds, every two. */
export const slidingAggregate: Query = {
  name: 'sliding aggregate by key',
  shuffles: true,
  aim: 2.5e6,
  build: (events, sink) =>
    sink(
      bidsOf(events)
        .keyBy(({ auction }) => auction)
        .window(sliding('10 seconds', '2 seconds'))
        .aggregate('per-auction', { bids: count(), volume: sum(({ price }) => price) }),
      figureOf,
    ),
  byHand: () => new Loop(),
};

function figureOf({ key, bids, volume }: Totals & { readonly key: number }): number {
  return key * bids + volume;
}

type Slice = Map<number, Totals>;

/** A record is added to one slice of two seconds; a window is the sum of its five. */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #slices = new Map<number, Slice>();
  #start = Number.NaN;
  #slice: Slice = new Map();
  #nextEnd = Number.NaN;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      if (bid === null) continue;
      const time = times[index] ?? 0;
      const start = time - (time % SLIDE_MS);
      if (start + SIZE_MS < this.#nextEnd) continue;
      if (start !== this.#start) this.#open(start);
      const totals = this.#slice.get(bid.auction);
      if (totals === undefined) this.#slice.set(bid.auction, { bids: 1, volume: bid.price });
      else {
        totals.bids += 1;
        totals.volume += bid.price;
      }
    }
  }

  watermark(watermark: number): void {
    for (; this.#nextEnd - 1 <= watermark; this.#nextEnd += SLIDE_MS) this.#fire(this.#nextEnd);
  }

  #open(start: number): void {
    this.#start = start;
    this.#slice = this.#slices.get(start) ?? new Map();
    this.#slices.set(start, this.#slice);
    if (!(start + SLIDE_MS >= this.#nextEnd)) this.#nextEnd = start + SLIDE_MS;
  }

  #fire(end: number): void {
    const window: Slice = new Map();
    for (let start = end - SIZE_MS; start < end; start += SLIDE_MS) {
      for (const [key, { bids, volume }] of this.#slices.get(start) ?? []) {
        const totals = window.get(key);
        if (totals === undefined) window.set(key, { bids, volume });
        else {
          totals.bids += bids;
          totals.volume += volume;
        }
      }
    }
    for (const [key, { bids, volume }] of window) {
      this.#write({ key, start: end - SIZE_MS, end, bids, volume });
    }
    this.#slices.delete(end - SIZE_MS);
  }

  #write(row: Row): void {
    this.outcome.add(figureOf(row));
  }
}
