import type { FrameReader } from './frame-reader.ts';
import type { FrameWriter } from './frame-writer.ts';

/** Writes values of one type into frames and reads them back. */
export interface ValueCodec<T = unknown> {
  /** Throws a `CodecError` that names the field when the value is not of the type. */
  write(out: FrameWriter, value: T): void;
  read(from: FrameReader): T;
}

/** A value is not of the type that its schema declares. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}
