import { dataFault } from './data-fault.ts';
import { Decimal, isDecimal } from './decimal.ts';
import { FrameError, type FrameReader } from './frame-reader.ts';
import type { FrameWriter } from './frame-writer.ts';
import { rowBuilder } from './row-shapes.ts';
import { CodecError, placeText, type ValueCodec } from './value-codec.ts';
import { isPlain } from './value-kind.ts';

/** Tags of the self-describing form. They are part of the snapshot format: add at the end, never renumber. */
const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  double: 5,
  bigint: 6,
  string: 7,
  array: 8,
  object: 9,
  newShape: 10,
  map: 11,
  set: 12,
  date: 13,
  bytes: 14,
  bigBigint: 15,
  decimal: 16,
} as const;

/**
 * Plain data of any shape, with a tag before every value: for streams and state without a declared schema.
 *
 * Shape: null, undefined, booleans, numbers, bigints, strings, arrays, Map, Set, Date, Uint8Array, Decimal, and plain
 * objects by their own enumerable fields. Functions, symbols, objects of other classes, which would come back without
 * their methods, and objects that are a part of themselves are refused.
 */
export const anyCodec: ValueCodec = {
  write(out, value) {
    try {
      writeAny(out, value);
    } catch (error) {
      throw refusal(value, error);
    }
  },
  read: readAny,
};

/** Looks for the place only now: to know it at any time would cost every value. */
function refusal(value: unknown, error: unknown): unknown {
  const fault = dataFault(value);
  return fault === undefined
    ? error
    : new CodecError(
        `Cannot encode ${placeText(fault.path)}: ${fault.what}; records and state hold data only`,
        { cause: error },
      );
}

function writeAny(out: FrameWriter, value: unknown): void {
  switch (typeof value) {
    case 'string':
      out.u8(TAG.string);
      return out.string(value);
    case 'number':
      return writeNumber(out, value);
    case 'boolean':
      return out.u8(value ? TAG.true : TAG.false);
    case 'undefined':
      return out.u8(TAG.undefined);
    case 'bigint':
      return writeBigint(out, value);
    case 'object':
      return value === null ? out.u8(TAG.null) : writeObject(out, value);
    case 'function':
    case 'symbol':
      throw new CodecError(`Cannot encode a ${typeof value}`);
  }
}

function writeNumber(out: FrameWriter, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    out.u8(TAG.int);
    return out.i32(value);
  }
  out.u8(TAG.double);
  return out.f64(value);
}

function writeBigint(out: FrameWriter, value: bigint): void {
  if (BigInt.asIntN(64, value) === value) {
    out.u8(TAG.bigint);
    return out.i64(value);
  }
  out.u8(TAG.bigBigint);
  return out.string(value.toString());
}

function writeObject(out: FrameWriter, value: object): void {
  if (isPlain(value)) {
    return writeFields(out, value as Readonly<Record<string, unknown>>); // an object is its fields
  }
  if (Array.isArray(value)) {
    return writeSequence(out, TAG.array, value);
  }
  if (value instanceof Map) {
    return writeSequence(out, TAG.map, [...value].flat(1));
  }
  if (value instanceof Set) {
    return writeSequence(out, TAG.set, [...value]);
  }
  if (value instanceof Date) {
    out.u8(TAG.date);
    return out.f64(value.getTime());
  }
  if (value instanceof Uint8Array) {
    out.u8(TAG.bytes);
    return out.bytes(value);
  }
  if (isDecimal(value)) {
    out.u8(TAG.decimal);
    out.u32(value.scale);
    return out.string(value.unscaled.toString());
  }
  throw new CodecError('Cannot encode an object of a class');
}

function writeSequence(out: FrameWriter, tag: number, values: readonly unknown[]): void {
  out.u8(tag);
  out.u32(values.length);
  for (const value of values) {
    writeAny(out, value);
  }
}

function writeFields(out: FrameWriter, row: Readonly<Record<string, unknown>>): void {
  const keys = Object.keys(row);
  const shape = out.shapes.find(keys);
  if (shape >= 0) {
    out.u8(TAG.object);
    out.u32(shape);
  } else {
    out.u8(TAG.newShape);
    out.u32(keys.length);
    for (const key of keys) {
      out.string(key);
    }
  }
  for (const key of keys) {
    writeAny(out, row[key]);
  }
}

function readAny(from: FrameReader): unknown {
  const tag = from.u8();
  switch (tag) {
    case TAG.undefined:
      return undefined;
    case TAG.null:
      return null;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.int:
      return from.i32();
    case TAG.double:
      return from.f64();
    case TAG.bigint:
      return from.i64();
    case TAG.string:
      return from.string();
    default:
      return readObject(from, tag);
  }
}

function readObject(from: FrameReader, tag: number): unknown {
  switch (tag) {
    case TAG.object:
      return readKnownShape(from);
    case TAG.newShape:
      return readNewShape(from);
    case TAG.array:
      return readSequence(from);
    case TAG.map:
      return new Map(pairs(readSequence(from)));
    case TAG.set:
      return new Set(readSequence(from));
    case TAG.date:
      return new Date(from.f64());
    case TAG.bytes:
      return from.bytes();
    case TAG.bigBigint:
      return BigInt(from.string());
    case TAG.decimal: {
      const scale = from.u32();
      return Decimal.ofUnscaled(BigInt(from.string()), scale);
    }
    default:
      throw new FrameError(`Cannot read frame: a value has the unknown tag ${tag}`);
  }
}

function readKnownShape(from: FrameReader): unknown {
  const shape = from.u32();
  const build = from.shapes[shape];
  if (build === undefined) {
    throw new FrameError(`Cannot read frame: an object names shape ${shape} of ${from.shapes.length}`);
  }
  return build(from, readAny);
}

function readNewShape(from: FrameReader): unknown {
  const keys = Array.from({ length: from.u32() }, () => from.string());
  const build = rowBuilder(keys);
  // Entered before its values are read: they may hold objects, whose shapes come later in the writer's count, too.
  from.shapes.push(build);
  return build(from, readAny);
}

function readSequence(from: FrameReader): unknown[] {
  const length = from.u32();
  const values: unknown[] = [];
  for (let index = 0; index < length; index++) {
    values.push(readAny(from));
  }
  return values;
}

function pairs(flat: readonly unknown[]): [unknown, unknown][] {
  const result: [unknown, unknown][] = [];
  for (let index = 0; index < flat.length; index += 2) {
    result.push([flat[index], flat[index + 1]]);
  }
  return result;
}
