import type { RecordBatch } from '../../data/record-batch.ts';

/** A payload that is no record of the schema. */
export interface DecodeFault {
  /** Index among the payloads that were given. */
  readonly index: number;
  /** What is wrong, with the path of the field. */
  readonly reason: string;
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
}
