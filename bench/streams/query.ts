import type { RecordBatch } from '../../engine/data/record-batch.ts';
import type { Stream } from '../../engine/index.ts';
import type { AuctionEvent } from './events.ts';

/** What a query computed: proof that engine and loop computed the same. */
export interface Outcome {
  readonly rows: number;
  readonly sum: number;
}

/** A query written for this purpose alone. */
export interface HandWritten {
  batch(batch: RecordBatch): void;
  watermark(watermark: number): void;
  readonly outcome: Outcome;
}

/** One thing that streams are used for, as an application and as a loop. */
export interface Query {
  readonly name: string;
  /** Records/s and core that it should reach, where there is such an aim. */
  readonly aim?: number;
  /** Its records change threads, by key. */
  readonly shuffles: boolean;
  /** Writes the query and sends its rows to `sink`, with a whole number of each row, for their sum. */
  readonly build: (
    events: Stream<AuctionEvent>,
    sink: <T>(rows: Stream<T>, figure: (row: T) => number) => void,
  ) => void;
  readonly byHand: () => HandWritten;
}

/** Counts rows, for loops. */
export class Tally {
  rows = 0;
  sum = 0;

  add(figure: number): void {
    this.rows += 1;
    this.sum += figure;
  }
}
