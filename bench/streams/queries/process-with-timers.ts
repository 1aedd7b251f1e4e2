import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { type Infer, t, value } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { bidsOf } from './bids.ts';

const DELAY_MS = 1000;
const Activity = t.row({ bidder: t.int, bids: t.int });
type Activity = Infer<typeof Activity>;

/** A process function that counts bids and sets a timer for every one of them. */
export const processWithTimers: Query = {
  name: 'process with a timer per record',
  shuffles: true,
  build: (events, sink) =>
    sink(
      bidsOf(events)
        .keyBy(({ bidder }) => bidder)
        .process('activity', {
          output: Activity,
          state: { bids: value(t.int) },
          timers: ['report'],
          onRecord(_, ctx) {
            ctx.state.bids.set((ctx.state.bids.get() ?? 0) + 1);
            ctx.timers.report.add(ctx.time + DELAY_MS);
          },
          onTimer(_, ctx) {
            ctx.emit({ bidder: ctx.key, bids: ctx.state.bids.get() ?? 0 });
          },
        }),
      figureOf,
    ),
  byHand: () => new Loop(),
};

function figureOf({ bidder, bids }: Activity): number {
  return bidder + bids;
}

/** Timers by their millisecond: they are set at its end and fire from there. */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #bids = new Map<number, number>();
  readonly #timers = new Map<number, Set<number>>();
  #next = Number.NaN;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      if (bid === null) continue;
      this.#bids.set(bid.bidder, (this.#bids.get(bid.bidder) ?? 0) + 1);
      this.#set(bid.bidder, (times[index] ?? 0) + DELAY_MS);
    }
  }

  watermark(watermark: number): void {
    for (; this.#next <= watermark; this.#next++) {
      const keys = this.#timers.get(this.#next);
      if (keys === undefined) continue;
      this.#timers.delete(this.#next);
      for (const bidder of keys) this.#write({ bidder, bids: this.#bids.get(bidder) ?? 0 });
    }
  }

  #set(key: number, at: number): void {
    const keys = this.#timers.get(at);
    if (keys === undefined) this.#timers.set(at, new Set([key]));
    else keys.add(key);
    if (!(at >= this.#next)) this.#next = at;
  }

  #write(row: Activity): void {
    this.outcome.add(figureOf(row));
  }
}
