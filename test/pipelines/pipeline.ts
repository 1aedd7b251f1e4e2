import { t } from '#engine/data/built-in-types.ts';
import type { Stream } from '#engine/stream/stream.ts';
import type { Reading } from './reading.ts';

/** What a pipeline writes: the value under an id that was written last is the one that counts. */
export interface Row {
  readonly id: string;
  readonly value: string;
}

export const RowType = t.row({ id: t.string, value: t.string });

/** What a pipeline may use of the world around it. */
export interface Surroundings {
  /** Answers after a while; calls overtake each other. */
  answerLater(this: void, reading: Reading): Promise<Reading>;
}

/**
 * A pipeline with its own oracle: what must be written in the end, computed from the whole list at once and as plainly
 * as can be.
 *
 * Contract: the last row of every id does not depend on how splits interleave or on when watermarks come, as long as
 * no reading is late.
 */
export interface Pipeline {
  /** With the numbers that were drawn for it. */
  readonly name: string;
  /** Every reading gives a row, with running numbers in front; otherwise an id is written once. */
  readonly running?: boolean;
  build(readings: Stream<Reading>, surroundings: Surroundings): Stream<Row>;
  expected(readings: readonly Reading[]): ReadonlyMap<string, string>;
}

/** Readings in groups of one text each. */
export function grouped(
  readings: readonly Reading[],
  by: (reading: Reading) => string,
): ReadonlyMap<string, readonly Reading[]> {
  return Map.groupBy(readings, by);
}

/** What a group of readings comes to. */
export function summed(readings: readonly Reading[]): string {
  return `${readings.length}/${readings.reduce((sum, { n }) => sum + n, 0)}`;
}

/** The start of the fixed window around a time. */
export function startOf(at: number, sizeMs: number): number {
  return Math.floor(at / sizeMs) * sizeMs;
}
