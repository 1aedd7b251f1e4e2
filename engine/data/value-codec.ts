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

/** Refuses a value; `path` is the way to it from the record, empty for the record itself. */
export function refuseValue(path: string, expected: string, value: unknown): never {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
  const what = path === '' ? 'value' : `field "${path}"`;
  throw new CodecError(
    `Cannot encode ${what}: its schema says ${expected}, it is ${shown}; emit what is declared`,
  );
}
