import type { RecordBatch } from '../../data/record-batch.ts';

/** A payload that is no record of the schema. */
export interface DecodeFault {
  /** Index among the payloads that were given. */
  readonly index: number;
  /** What is wrong, with the path of the field. */
  readonly reason: string;
}

/** Payloads as places in the bytes that they came with, in their order. */
export interface PayloadSpans {
  readonly bytes: Uint8Array;
  /** Where in `bytes` each payload begins and ends. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** Turns payloads into records of one schema. */
export interface RecordDecoder {
  /**
   * Decodes payloads `from` to `to - 1` and puts the records into `batch` from its start, in order, without holes.
   * Sets the batch's size, leaves its times alone, and returns what it left out.
   */
  decode(
    payloads: readonly Uint8Array[],
    from: number,
    to: number,
    batch: RecordBatch,
  ): readonly DecodeFault[];
  /** The same without an array for each payload. Indexes of faults are counted from `from`. */
  decodeSpans?(spans: PayloadSpans, from: number, to: number, batch: RecordBatch): readonly DecodeFault[];
}
