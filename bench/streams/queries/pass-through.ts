import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';

/** Nexmark's query 0: what comes in goes out. */
export const passThrough: Query = {
  name: 'pass-through',
  shuffles: false,
  aim: 8e6,
  build: (events, sink) => sink(events, lengthOfKind),
  byHand: () => new Loop(),
};

function lengthOfKind({ kind }: AuctionEvent): number {
  return kind.length;
}

class Loop implements HandWritten {
  readonly outcome = new Tally();

  batch({ values, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      this.outcome.add(lengthOfKind(values[index] as AuctionEvent)); // batches hold events
    }
  }

  watermark(): void {}
}
