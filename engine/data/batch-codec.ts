import { codecFor } from './codec.ts';
import { FrameError, FrameReader } from './frame-reader.ts';
import type { FrameWriter } from './frame-writer.ts';
import { NO_TIME, type RecordBatch } from './record-batch.ts';
import type { Schema } from './schema.ts';
import { codecErrorAt } from './value-codec.ts';

/** Moves records of one edge between threads. */
export interface BatchCodec {
  /** Resets `out` and writes records `from` (inclusive) to `to` (exclusive) as one frame; the caller calls `finish`. */
  encodeBatch(batch: RecordBatch, from: number, to: number, out: FrameWriter): void;
  /**
   * Replaces what is in `batch`, whose capacity must do for the frame; the bytes may be reused afterwards.
   * Throws a `FrameError` on bytes that are no such frame.
   */
  decodeFrame(bytes: Uint8Array, batch: RecordBatch): void;
}

/**
 * The codec of an edge whose records have this schema; without one records describe themselves.
 * Errors of encoding begin with `edge`, which says between whom it is.
 */
export function batchCodec(schema: Schema | undefined, edge = 'to the next operator'): BatchCodec {
  const codec = codecFor(schema);
  const reader = new FrameReader();
  return {
    encodeBatch(batch, from, to, out) {
      out.reset();
      out.u32(to - from);
      try {
        for (let index = from; index < to; index++) {
          out.f64(batch.times[index] ?? NO_TIME);
          codec.write(out, batch.values[index]);
        }
      } catch (error) {
        throw codecErrorAt(`Cannot send a record ${edge}`, error);
      }
    },
    decodeFrame(bytes, batch) {
      reader.open(bytes);
      const size = reader.u32();
      if (size > batch.values.length) {
        throw new FrameError(
          `Cannot read frame: it has ${size} records, the batch has room for ${batch.values.length}`,
        );
      }
      for (let index = 0; index < size; index++) {
        batch.times[index] = reader.f64();
        batch.values[index] = codec.read(reader);
      }
      batch.size = size;
    },
  };
}
