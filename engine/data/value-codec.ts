import { isDecimal } from './decimal.ts';
import type { FrameReader } from './frame-reader.ts';
import type { FrameWriter } from './frame-writer.ts';
import { kindText } from './value-kind.ts';

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
  throw new CodecError(
    `Cannot encode ${placeText(path)}: its schema says ${expected}, it is ${shown(value)}; emit what is declared`,
  );
}

/** Says of a value in whose hands it was when it could not be encoded. */
export function codecErrorAt(place: string, error: unknown): unknown {
  if (!(error instanceof CodecError)) {
    return error;
  }
  const { message } = error;
  return new CodecError(`${place}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`, { cause: error });
}

/** As in `field "user.name"`; the value itself has an empty path. */
export function placeText(path: string): string {
  return path === '' ? 'value' : `field "${path}"`;
}

function shown(value: unknown): string {
  if (isDecimal(value)) {
    return `the decimal ${value.toString()}`;
  }
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.slice(0, 40));
    case 'object':
    case 'function':
    case 'symbol':
      return kindText(value);
    default:
      return String(value);
  }
}
