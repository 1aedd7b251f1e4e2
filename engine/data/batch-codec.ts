import type { FrameWriter } from './frame-writer.ts';
import type { RecordBatch } from './record-batch.ts';

/** Moves records of one edge between threads. */
export interface BatchCodec {
  /** Writes records `from` (inclusive) to `to` (exclusive) as one frame. */
  encodeBatch(batch: RecordBatch, from: number, to: number, out: FrameWriter): void;
  /** Replaces what is in `batch`, whose capacity must do for the frame. The bytes may be reused afterwards. */
  decodeFrame(bytes: Uint8Array, batch: RecordBatch): void;
}
