import { Decimal } from '../../data/decimal.ts';
import { DecodeError } from '../../data/decode-error.ts';
import { rowBuilder } from '../../data/row-shapes.ts';
import type { DataType, RowField } from '../../data/schema.ts';
import type { AvroReader, AvroWriter } from './avro-bytes.ts';
import { avroSchema, isTextMap } from './avro-schema.ts';

/** Writes and reads values of one type in Avro's binary form. */
export interface AvroCodec {
  write(out: AvroWriter, value: unknown): void;
  read(from: AvroReader): unknown;
}

/** The codec of a type, in the schema that `avroSchema` gives for it. Values are of the type, as its schema says. */
export function avroCodec(type: DataType): AvroCodec {
  switch (type.kind) {
    case 'boolean':
      return {
        write: (out, value) => out.byte(value === true ? 1 : 0),
        read: (from) => from.byte() === 1,
      };
    case 'int':
    case 'instant':
    case 'date':
    case 'interval':
      return { write: (out, value) => out.long(value as number), read: (from) => from.int() };
    case 'bigint':
      return { write: (out, value) => out.long(value as bigint), read: (from) => from.long() };
    case 'double':
      return { write: (out, value) => out.double(value as number), read: (from) => from.double() };
    case 'string':
      return { write: (out, value) => out.string(value as string), read: (from) => from.string() };
    case 'bytes':
      return { write: (out, value) => out.bytes(value as Uint8Array), read: (from) => from.bytes() };
    case 'decimal':
      return decimalCodec(type.scale);
    case 'enum':
      return enumCodec(type);
    case 'nullable':
      return nullableCodec(avroCodec(type.of));
    case 'array':
      return arrayCodec(avroCodec(type.element));
    case 'map':
      return mapCodec(type);
    case 'row':
      return rowCodec(type.fields);
  }
}

/** The unscaled number as bytes, the highest first, in two's complement. */
function decimalCodec(scale: number): AvroCodec {
  return {
    write: (out, value) => out.bytes(bigEndian((value as Decimal).unscaled)),
    read: (from) => Decimal.ofUnscaled(ofBigEndian(from.bytes()), scale),
  };
}

function bigEndian(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

function ofBigEndian(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

function enumCodec(type: Extract<DataType, { readonly kind: 'enum' }>): AvroCodec {
  const { values } = type;
  // Symbols that Avro has no names for are written as text.
  if (typeof avroSchema(type) === 'string')
    return {
      write: (out, value) => out.string(value as string),
      read: (from) => symbolOf(values, from.string()),
    };
  return {
    write: (out, value) => out.long(values.indexOf(value as string)),
    read: (from) => symbolOf(values, values[from.int()] ?? ''),
  };
}

function symbolOf(values: readonly string[], symbol: string): string {
  if (values.includes(symbol)) return symbol;
  throw new DecodeError(`has "${symbol}", which is none of ${values.join(', ')}`);
}

function nullableCodec(of: AvroCodec): AvroCodec {
  return {
    write(out, value) {
      out.long(value === null ? 0 : 1);
      if (value !== null) of.write(out, value);
    },
    read(from) {
      const branch = from.int();
      if (branch > 1 || branch < 0) throw new DecodeError(`has branch ${branch} of a union of two`);
      return branch === 0 ? null : of.read(from);
    },
  };
}

function arrayCodec(element: AvroCodec): AvroCodec {
  return {
    write: (out, value) => writeBlock(out, value as readonly unknown[], element),
    read: (from) => readBlocks(from, element),
  };
}

function mapCodec(type: Extract<DataType, { readonly kind: 'map' }>): AvroCodec {
  // A map of texts lies in the bytes as an array of its entries does.
  const [key, value] = [avroCodec(isTextMap(type) ? { kind: 'string' } : type.key), avroCodec(type.value)];
  const entry: AvroCodec = {
    write(out, pair) {
      const [left, right] = pair as readonly [unknown, unknown];
      key.write(out, left);
      value.write(out, right);
    },
    read: (from) => [key.read(from), value.read(from)],
  };
  return {
    write: (out, map) => writeBlock(out, [...(map as ReadonlyMap<unknown, unknown>)], entry),
    read: (from) => new Map(readBlocks(from, entry) as [unknown, unknown][]),
  };
}

function rowCodec(fields: readonly RowField[]): AvroCodec {
  const build = rowBuilder(fields.map(({ name }) => name));
  const codecs = fields.map(({ name, type }) => ({ name, codec: avroCodec(type) }));
  return {
    write(out, value) {
      const row = value as Readonly<Record<string, unknown>>;
      for (const { name, codec } of codecs) codec.write(out, row[name]);
    },
    read(from) {
      let next = 0;
      return build(from, () => codecs[next++]?.codec.read(from));
    },
  };
}

function writeBlock(out: AvroWriter, items: readonly unknown[], codec: AvroCodec): void {
  if (items.length > 0) out.long(items.length);
  for (const item of items) codec.write(out, item);
  out.byte(0);
}

function readBlocks(from: AvroReader, codec: AvroCodec): unknown[] {
  const items: unknown[] = [];
  for (let count = from.int(); count !== 0; count = from.int()) {
    // A negative count is followed by the size of the block, for readers that pass it over.
    if (count < 0) from.int();
    // An item may have no bytes at all, so the rest says nothing of how many there can be.
    if (Math.abs(count) > ITEMS_MAX) throw new DecodeError(`has a list of ${Math.abs(count)} items`);
    for (let item = 0; item < Math.abs(count); item++) items.push(codec.read(from));
  }
  return items;
}

const ITEMS_MAX = 10_000_000;
