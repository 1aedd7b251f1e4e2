/** Records that move together, as two parallel columns: one call of a chain costs the same for 1 as for 256 of them. */

/**
 * Records 0 to `size - 1`, in order; what lies behind `size` is left over from earlier use.
 *
 * Contract: whoever owns the batch refills it in place, so a reader that keeps a value beyond the call keeps the
 * value and never the batch. Units and shape: `times` in event-time ms since 1970, `NO_TIME` where there is none.
 */
export interface RecordBatch {
  readonly values: unknown[];
  readonly times: Float64Array;
  size: number;
}

/** Records per batch at most: V8 reaches its best code in 0.2 s with 256 records a call, in 3 s with 16,384. */
export const BATCH_SIZE = 256;

/** Event time of a record that has none. */
export const NO_TIME = Number.MIN_SAFE_INTEGER;

/** The watermark before any other; every real watermark is above it. */
export const MIN_WATERMARK = Number.MIN_SAFE_INTEGER;

/** The watermark at the end of a bounded input: no record follows. */
export const MAX_WATERMARK = Number.MAX_SAFE_INTEGER;

/** An empty batch with room for `capacity` records. */
export function recordBatch(capacity: number = BATCH_SIZE): RecordBatch {
  return { values: Array.from({ length: capacity }), times: new Float64Array(capacity), size: 0 };
}
