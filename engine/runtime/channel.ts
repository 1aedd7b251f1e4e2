import type { RecordBatch } from '../data/record-batch.ts';
import type { Element, Mark } from './element.ts';

/** The writing end of the way from one subtask to another. */
export interface OutputChannel {
  /** Adds a record; it may stay behind in a partial batch until `flush`. Never refuses: see `makeRoom`. */
  write(value: unknown, time: number): void;
  /** Puts a mark behind every record written so far. */
  mark(mark: Mark, number: number): void;
  /** Sends what is partial and what found no room before. */
  flush(): void;
  /**
   * Sends what waited for room, as far as there is some now; false while the reader is behind. The subtask
   * should take no input then, since all that it writes is kept in memory.
   */
  makeRoom(): boolean;
  /** Bytes sent; 0 for ever where records stay objects. */
  readonly bytes: number;
}

/** The reading end. */
export interface InputChannel {
  /** Takes the next element; records are then in `batch`, the number of a mark in `number`. */
  poll(): Element;
  /**
   * Says whether the reader keeps elements that it took out and has not processed: then there is no room for the
   * writer, whatever the channel itself could take.
   */
  fallBehind(behind: boolean): void;
  /** Valid after `poll` gave records, until the next `poll`. */
  readonly batch: RecordBatch;
  readonly number: number;
  readonly bytes: number;
}
