import { sqlOf } from './data-type.ts';
import { Decimal, isDecimal, unscaledIn } from './decimal.ts';
import type { FrameReader } from './frame-reader.ts';
import type { FrameWriter } from './frame-writer.ts';
import { rowBuilder } from './row-shapes.ts';
import type { DataType, RowField, SimpleKind } from './schema.ts';
import { refuseValue, type ValueCodec } from './value-codec.ts';
import { isPlain } from './value-kind.ts';

/**
 * A codec put together from closures: for processes that forbid generated code, and the oracle of the generated one.
 *
 * Contract: writes the same bytes as `generatedCodec` for the same type.
 */
export function closureCodec(type: DataType, path = ''): ValueCodec {
  switch (type.kind) {
    case 'row':
      return rowCodec(type.fields, path);
    case 'array':
      return arrayCodec(closureCodec(type.element, `${path}[]`), path);
    case 'map':
      return mapCodec(closureCodec(type.key, `${path}{}`), closureCodec(type.value, `${path}{}`), path);
    case 'nullable':
      return nullableCodec(closureCodec(type.of, path));
    case 'enum':
      return enumCodec(type.values, path);
    case 'decimal':
      return decimalCodec(type, path);
    default:
      return scalarCodec(type.kind, path);
  }
}

function scalarCodec(kind: SimpleKind, path: string): ValueCodec {
  const refuse = (value: unknown): never => refuseValue(path, sqlOf({ kind }), value);
  switch (kind) {
    case 'boolean':
      return {
        write: (out, value) => (typeof value === 'boolean' ? out.u8(value ? 1 : 0) : refuse(value)),
        read: (from) => from.u8() === 1,
      };
    case 'int':
    case 'double':
    case 'instant':
    case 'date':
    case 'interval':
      return {
        write: (out, value) => (typeof value === 'number' ? out.f64(value) : refuse(value)),
        read: (from) => from.f64(),
      };
    case 'bigint':
      return {
        write: (out, value) =>
          typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? out.i64(value) : refuse(value),
        read: (from) => from.i64(),
      };
    case 'string':
      return {
        write: (out, value) => (typeof value === 'string' ? out.string(value) : refuse(value)),
        read: (from) => from.string(),
      };
    case 'bytes':
      return {
        write: (out, value) => (value instanceof Uint8Array ? out.bytes(value) : refuse(value)),
        read: (from) => from.bytes(),
      };
  }
}

function enumCodec(values: readonly string[], path: string): ValueCodec {
  return {
    write: (out, value) => {
      const index = typeof value === 'string' ? values.indexOf(value) : -1;
      return index < 0 ? refuseValue(path, `one of ${values.join(', ')}`, value) : out.u32(index);
    },
    read: (from) => values[from.u32()],
  };
}

/** The digits without their point: 18 of them fit into 64 bits, more take a second word with the upper half. */
function decimalCodec(type: Extract<DataType, { kind: 'decimal' }>, path: string): ValueCodec {
  const { precision, scale } = type;
  const wide = precision > 18;
  return {
    write: (out, value) => {
      const unscaled = isDecimal(value) ? unscaledIn(value, precision, scale) : undefined;
      if (unscaled === undefined) {
        refuseValue(path, sqlOf(type), value);
      }
      out.i64(BigInt.asIntN(64, unscaled));
      if (wide) {
        out.i64(unscaled >> 64n);
      }
    },
    read: (from) => {
      const low = from.i64();
      return Decimal.ofUnscaled(wide ? (from.i64() << 64n) | BigInt.asUintN(64, low) : low, scale);
    },
  };
}

function nullableCodec(of: ValueCodec): ValueCodec {
  return {
    write: (out, value) => {
      out.u8(value === null ? 0 : 1);
      if (value !== null) {
        of.write(out, value);
      }
    },
    read: (from) => (from.u8() === 0 ? null : of.read(from)),
  };
}

function arrayCodec(element: ValueCodec, path: string): ValueCodec {
  return {
    write: (out, value) => {
      if (!Array.isArray(value)) {
        refuseValue(path, 'an array', value);
      }
      out.u32(value.length);
      for (const item of value) {
        element.write(out, item);
      }
    },
    read: (from) => readArray(from, (source) => element.read(source)),
  };
}

function mapCodec(key: ValueCodec, value: ValueCodec, path: string): ValueCodec {
  return {
    write: (out, map) => {
      if (!(map instanceof Map)) {
        refuseValue(path, 'a Map', map);
      }
      writeMap(out, map, (target, [k, v]) => {
        key.write(target, k);
        value.write(target, v);
      });
    },
    read: (from) =>
      readMap(
        from,
        (source) => key.read(source),
        (source) => value.read(source),
      ),
  };
}

function rowCodec(fields: readonly RowField[], path: string): ValueCodec {
  const codecs = fields.map(({ name, type }) => ({
    name,
    codec: closureCodec(type, path === '' ? name : `${path}.${name}`),
  }));
  const build = rowBuilder(fields.map((field) => field.name));
  return {
    write: (out, value) => {
      if (typeof value !== 'object' || value === null || !isPlain(value)) {
        refuseValue(path, 'a plain object', value);
      }
      const row = value as Readonly<Record<string, unknown>>; // an object, by the test above
      for (const { name, codec } of codecs) {
        codec.write(out, row[name]);
      }
    },
    read: (from) => {
      let index = 0;
      return build(from, (source) => codecs[index++]?.codec.read(source));
    },
  };
}

/** Reads a list whose length was written first. */
export function readArray<T>(from: FrameReader, read: (from: FrameReader) => T): T[] {
  const length = from.u32();
  const values: T[] = [];
  for (let index = 0; index < length; index++) {
    values.push(read(from));
  }
  return values;
}

/** Writes the size of a map and its entries in order. */
export function writeMap(
  out: FrameWriter,
  map: ReadonlyMap<unknown, unknown>,
  write: (out: FrameWriter, entry: [unknown, unknown]) => void,
): void {
  out.u32(map.size);
  for (const entry of map) {
    write(out, entry);
  }
}

/** Reads what {@link writeMap} wrote. */
export function readMap<K, V>(
  from: FrameReader,
  readKey: (from: FrameReader) => K,
  readValue: (from: FrameReader) => V,
): Map<K, V> {
  const size = from.u32();
  const map = new Map<K, V>();
  for (let index = 0; index < size; index++) {
    const key = readKey(from);
    map.set(key, readValue(from));
  }
  return map;
}
