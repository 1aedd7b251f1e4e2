import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { type Infer, t, tumbling } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { type Offer, offerOf, offersOf } from './bids.ts';

const SIZE_MS = 2000;
const Best = t.row({ auction: t.int, bids: t.int, bidder: t.int, price: t.int });
type Best = Infer<typeof Best>;

/** A user's function over all records of a window: the best bid for each auction in two seconds. */
export const windowProcess: Query = {
  name: 'window with a process function',
  shuffles: true,
  aim: 1.2e6,
  build: (events, sink) =>
    sink(
      offersOf(events)
        .keyBy(({ auction }) => auction)
        .window(tumbling('2 seconds'))
        .process('best-bid', {
          output: Best,
          onWindow(bids, ctx) {
            ctx.emit(bestOf(ctx.key, bids));
          },
        }),
      figureOf,
    ),
  byHand: () => new Loop(),
};

function bestOf(auction: number, bids: readonly Offer[]): Best {
  let [bidder, price] = [0, 0];
  for (const bid of bids) {
    if (bid.price > price) [bidder, price] = [bid.bidder, bid.price];
  }
  return { auction, bids: bids.length, bidder, price };
}

function figureOf({ bids, bidder, price }: Best): number {
  return bids + bidder + price;
}

type Pane = Map<number, Offer[]>;

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
      const bids = this.#pane.get(bid.auction);
      if (bids === undefined) this.#pane.set(bid.auction, [offerOf(bid)]);
      else bids.push(offerOf(bid));
    }
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    for (const [start, pane] of this.#panes) {
      if (start + SIZE_MS - 1 > watermark) continue;
      for (const [auction, bids] of pane) this.#write(bestOf(auction, bids));
      this.#panes.delete(start);
      this.#start = Number.NaN;
    }
  }

  #open(start: number): void {
    this.#start = start;
    this.#pane = this.#panes.get(start) ?? new Map();
    this.#panes.set(start, this.#pane);
  }

  #write(row: Best): void {
    this.outcome.add(figureOf(row));
  }
}
