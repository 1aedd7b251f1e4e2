import { issuesOf, sqlOf, VENDOR } from './data-type.ts';
import type { Decimal } from './decimal.ts';
import { jsonSchemaOf } from './json-schema.ts';
import type { PrimitiveKey } from './key-groups.ts';
import type { DataType, Infer, Schema } from './schema.ts';

/** Digits that SQL allows, and 128 bits hold. */
const DECIMAL_DIGITS_MAX = 38;

/** A built-in schema: at once TypeScript type, SQL type and layout of the bytes. */
export interface Type<T> extends Schema<T> {
  readonly type: DataType;
  /** As in `ROW<id STRING, amount DOUBLE>`. */
  readonly sql: string;
}

/** A row type; `fields` are the types it was made of. */
export interface RowType<F extends Readonly<Record<string, Type<unknown>>>> extends Type<{
  -readonly [N in keyof F]: Infer<F[N]>;
}> {
  readonly fields: F;
}

function typeOf<T>(type: DataType): Type<T> {
  return {
    type,
    sql: sqlOf(type),
    '~standard': {
      version: 1,
      vendor: VENDOR,
      validate: (value) => {
        const issues = issuesOf(type, value);
        // The check above is what makes the value a T.
        return issues === undefined ? { value: value as T } : { issues };
      },
      jsonSchema: { input: () => jsonSchemaOf(type) },
    },
  };
}

function rowType<const F extends Readonly<Record<string, Type<unknown>>>>(fields: F): RowType<F> {
  const names = Object.keys(fields);
  const type: DataType = {
    kind: 'row',
    fields: names.map((name) => ({ name, type: (fields[name] as Type<unknown>).type })), // a key of `fields`
  };
  return { ...typeOf<{ -readonly [N in keyof F]: Infer<F[N]> }>(type), fields };
}

/** As DECIMAL of SQL: up to 38 digits. */
function decimalType(precision: number, scale: number): Type<Decimal> {
  if (!Number.isInteger(precision) || precision < 1 || precision > DECIMAL_DIGITS_MAX) {
    throw new RangeError(
      `Cannot declare decimal(${precision}, ${scale}): the precision must be from 1 to ${DECIMAL_DIGITS_MAX}`,
    );
  }
  if (!Number.isInteger(scale) || scale < 0 || scale > precision) {
    throw new RangeError(
      `Cannot declare decimal(${precision}, ${scale}): the scale must be from 0 to the precision`,
    );
  }
  return typeOf({ kind: 'decimal', precision, scale });
}

/**
 * The built-in types. Numbers are `int` (an integer), `double`, `bigint` (64 bits) and `decimal(precision, scale)`; an
 * `instant` is ms since 1970, a `date` whole days since 1970, an `interval` ms. Keys of maps are primitives.
 *
 * Every field of a row must be there; what may be absent is `t.nullable(…)` and null.
 * Example: `t.row({ id: t.string, amount: t.double, currency: t.enum('EUR', 'GBP'), at: t.instant })`.
 */
export const t = {
  boolean: typeOf<boolean>({ kind: 'boolean' }),
  int: typeOf<number>({ kind: 'int' }),
  bigint: typeOf<bigint>({ kind: 'bigint' }),
  double: typeOf<number>({ kind: 'double' }),
  string: typeOf<string>({ kind: 'string' }),
  instant: typeOf<number>({ kind: 'instant' }),
  date: typeOf<number>({ kind: 'date' }),
  interval: typeOf<number>({ kind: 'interval' }),
  decimal: decimalType,
  bytes: typeOf<Uint8Array>({ kind: 'bytes' }),
  enum: <const V extends readonly string[]>(...values: V): Type<V[number]> =>
    typeOf({ kind: 'enum', values }),
  array: <T>(element: Type<T>): Type<T[]> => typeOf({ kind: 'array', element: element.type }),
  map: <K extends PrimitiveKey, V>(key: Type<K>, value: Type<V>): Type<Map<K, V>> =>
    typeOf({ kind: 'map', key: key.type, value: value.type }),
  row: rowType,
  nullable: <T>(of: Type<T>): Type<T | null> => typeOf({ kind: 'nullable', of: of.type }),
} as const;
