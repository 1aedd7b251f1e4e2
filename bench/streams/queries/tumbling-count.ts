import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { count, tumbling } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { bidsOf } from './bids.ts';

const SIZE_MS = 10_000;

interface Row {
  readonly key: number;
  readonly start: number;
  readonly end: number;
  readonly bids: number;
}

/** Nexmark's query 12, by event time: how many bids each of 100,000 bidders made in ten seconds. */
export const tumblingCount: Query = {
  name: 'tumbling count by key',
  shuffles: true,
  aim: 1.8e6,
  build: (events, sink) =>
    sink(
      bidsOf(events)
        .keyBy(({ bidder }) => bidder)
        .window(tumbling('10 seconds'))
        .aggregate('per-bidder', { bids: count() }),
      figureOf,
    ),
  byHand: () => new Loop(),
};

function figureOf({ key, bids }: { readonly key: number; readonly bids: number }): number {
  return key * bids;
}

type Pane = Map<number, { bids: number }>;

/** The last window is at hand, since most records are of the one before. */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #panes = new Map<number, Pane>();
  #start = Number.NaN;
  #pane: Pane = new Map();
  #watermark = -Infinity;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      if (bid === null) continue;
      const time = times[index] ?? 0;
      const start = time - (time % SIZE_MS);
      if (start + SIZE_MS - 1 <= this.#watermark) continue;
      if (start !== this.#start) this.#open(start);
      const total = this.#pane.get(bid.bidder);
      if (total === undefined) this.#pane.set(bid.bidder, { bids: 1 });
      else total.bids += 1;
    }
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    for (const [start, pane] of this.#panes) {
      if (start + SIZE_MS - 1 > watermark) continue;
      for (const [key, { bids }] of pane) this.#write({ key, start, end: start + SIZE_MS, bids });
      this.#panes.delete(start);
      this.#start = Number.NaN;
    }
  }

  #open(start: number): void {
    this.#start = start;
    this.#pane = this.#panes.get(start) ?? new Map();
    this.#panes.set(start, this.#pane);
  }

  #write(row: Row): void {
    this.outcome.add(figureOf(row));
  }
}
