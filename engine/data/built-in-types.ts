import { issuesOf, sqlOf, VENDOR } from './data-type.ts';
import type { Decimal } from './decimal.ts';
import { plainJsonOf } from './json-form.ts';
import { jsonSchemaOf } from './json-schema.ts';
import type { PrimitiveKey } from './key-groups.ts';
import type { DataType, Infer, RowField, Schema } from './schema.ts';

/** Digits that SQL allows, and 128 bits hold. */
const DECIMAL_DIGITS_MAX = 38;

/** A built-in schema: at once TypeScript type, SQL type and layout of the bytes. */
export interface Type<T> extends Schema<T> {
  readonly type: DataType;
  /** As in `ROW<id STRING, amount DOUBLE>`. */
  readonly sql: string;
}

/** What a field of a row is in state that an older version of the program wrote. */
export interface FieldHistory<T> {
  /** Its value where the old state has none. */
  readonly default?: T;
  /** Its name in the old state. */
  readonly formerly?: string;
}

/** A type as a field of a row, with what older versions of the program had in its place. */
interface FieldType<T> extends Type<T> {
  readonly history: Pick<RowField, 'default' | 'formerly'>;
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
    fields: names.map((name) => {
      const field = fields[name] as Type<unknown> & Partial<FieldType<unknown>>; // a key of `fields`
      return { name, type: field.type, ...field.history };
    }),
  };
  return { ...typeOf<{ -readonly [N in keyof F]: Infer<F[N]> }>(type), fields };
}

/**
 * A field of a row that was not always there, or had another name: what state of older versions has in its place.
 *
 * Example: `t.row({ nation: t.field(t.string, { formerly: 'country' }), tags: t.field(t.array(t.string), { default: [] }) })`.
 */
function fieldType<T>(of: Type<T>, { default: value, formerly }: FieldHistory<T>): FieldType<T> {
  const issue = value === undefined ? undefined : issuesOf(of.type, value)?.[0];
  if (issue !== undefined) {
    throw new TypeError(`Cannot declare a field of type ${of.sql}: its default ${issue.message}`);
  }
  const history = {
    ...(formerly === undefined ? {} : { formerly }),
    ...(value === undefined ? {} : { default: plainJsonOf(of.type, value) }),
  };
  return { ...of, history };
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
  field: fieldType,
  nullable: <T>(of: Type<T>): Type<T | null> => typeOf({ kind: 'nullable', of: of.type }),
} as const;
