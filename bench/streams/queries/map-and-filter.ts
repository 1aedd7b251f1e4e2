import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { bidsOf } from './bids.ts';

interface Priced {
  readonly auction: number;
  readonly bidder: number;
  readonly euros: number;
}

const DEAR_EUROS = 500_000;
const eurosOf = (dollars: number): number => Math.round(dollars * 0.908);

/** Nexmark's queries 1 and 2: bids in another currency, and of them the dear ones. */
export const mapAndFilter: Query = {
  name: 'map and filter',
  shuffles: false,
  build: (events, sink) =>
    sink(
      bidsOf(events)
        .map(({ auction, bidder, price }) => ({ auction, bidder, euros: eurosOf(price) }), 'to-euros')
        .filter(({ euros }) => euros > DEAR_EUROS, 'dear'),
      ({ euros }) => euros,
    ),
  byHand: () => new Loop(),
};

class Loop implements HandWritten {
  readonly outcome = new Tally();

  batch({ values, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      if (bid === null) continue;
      const { auction, bidder, price } = bid;
      const priced = { auction, bidder, euros: eurosOf(price) };
      if (priced.euros > DEAR_EUROS) this.#write(priced);
    }
  }

  watermark(): void {}

  #write({ euros }: Priced): void {
    this.outcome.add(euros);
  }
}
