import { anyCodec } from '../data/any-codec.ts';
import { codecOf } from '../data/codec.ts';
import { issuesOf, sqlOf } from '../data/data-type.ts';
import { Decimal } from '../data/decimal.ts';
import type { FrameReader } from '../data/frame-reader.ts';
import { jsonConverter } from '../data/json-value.ts';
import { rowBuilder } from '../data/row-shapes.ts';
import type { DataType, RowField } from '../data/schema.ts';
import { unpinned } from '../data/unpinned.ts';
import type { Migration } from './declaration.ts';
import { StateMigrationError } from './state-layout.ts';

type Convert = (value: unknown) => unknown;

/** Why no value of one type becomes one of another, at the innermost place where they part. */
interface Misfit {
  readonly path: readonly string[];
  /** Undefined where the old state has nothing for a new field. */
  readonly written: DataType | undefined;
  readonly declared: DataType;
}

type Conversion = Convert | Misfit;

const same: Convert = (value) => value;

/** Changes that leave every value as it is. */
const WIDENED: ReadonlySet<string> = new Set([
  'int to double',
  'int to instant',
  'int to date',
  'int to interval',
  'instant to int',
  'instant to double',
  'date to int',
  'interval to int',
  'interval to double',
  'enum to string',
]);

/**
 * Reads values that were written as one type as values of another.
 *
 * Fields may be dropped, added with null or their default, and called by a new name; integers and decimals widened, values
 * added to enums, and anything may become nullable. A user's function does what else is needed; whatever is left is refused.
 * Source: Flink's rules for POJOs, with defaults that are declared in place of Java's.
 */
export function migratingReader(
  written: DataType | null,
  declared: DataType | null,
  migrations: readonly Migration[] = [],
): (from: FrameReader) => unknown {
  const codec = written === null ? anyCodec : codecOf(written);
  const convert = conversion(written, declared, migrations);
  if (typeof convert !== 'function') {
    throw new StateMigrationError(described(convert));
  }
  // A user's function may cut its texts out of longer ones.
  return convert === same ? (from) => codec.read(from) : (from) => unpinned(convert(codec.read(from)));
}

/** Why values of one type cannot become values of another; undefined where they can, or where only the values tell. */
export function migrationFault(
  written: DataType | null,
  declared: DataType | null,
  migrations: readonly Migration[] = [],
): string | undefined {
  const found = conversion(written, declared, migrations);
  return typeof found === 'function' ? undefined : described(found);
}

function conversion(
  written: DataType | null,
  declared: DataType | null,
  migrations: readonly Migration[],
): Conversion {
  if (declared === null || isEqual(written, declared)) {
    return same;
  }
  if (written === null) {
    return (value) => checked(declared, value);
  }
  const own = migrations.find(({ from }) => isEqual(from, written));
  if (own !== undefined) {
    return byUser(own, declared, same);
  }
  const byRule = convertible(written, declared);
  if (typeof byRule === 'function') {
    return byRule;
  }
  for (const migration of migrations) {
    const first = convertible(written, migration.from);
    if (typeof first === 'function') {
      return byUser(migration, declared, first);
    }
  }
  return byRule;
}

/** What a user's function gives is checked, since nobody else would before the state is used. */
function byUser({ convert }: Migration, declared: DataType, first: Convert): Convert {
  return (value) => checked(declared, convert(first(value)));
}

function described({ path, written, declared }: Misfit): string {
  const field = path.length === 0 ? 'it' : `field "${path.join('.')}"`;
  return written === undefined
    ? `${field} is new and the old state has no value for it; make it nullable, give it a default, or name the field that it was: t.field(…, { default, formerly })`
    : `${field} was written as ${sqlOf(written)}, the program declares ${sqlOf(declared)}; give the state a new name, a type that the old values fit, or a migration`;
}

function convertible(written: DataType, declared: DataType): Conversion {
  if (declared.kind === 'nullable') {
    const inner = convertible(written.kind === 'nullable' ? written.of : written, declared.of);
    return inner === same || typeof inner !== 'function'
      ? inner
      : (value) => (value === null ? null : inner(value));
  }
  if (written.kind === 'row' && declared.kind === 'row') {
    return convertRow(written.fields, declared.fields);
  }
  if (written.kind === 'array' && declared.kind === 'array') {
    const element = convertible(written.element, declared.element);
    return element === same || typeof element !== 'function'
      ? below('[]', element)
      : (value) => (value as unknown[]).map(element); // decoded as an array
  }
  if (written.kind === 'map' && declared.kind === 'map') {
    return convertMap(convertible(written.key, declared.key), convertible(written.value, declared.value));
  }
  if (written.kind === 'enum' && declared.kind === 'enum') {
    return written.values.every((value) => declared.values.includes(value))
      ? same
      : { path: [], written, declared };
  }
  return convertScalar(written, declared) ?? { path: [], written, declared };
}

/** A misfit inside of `name`. */
function below(name: string, conversion: Conversion): Conversion {
  return typeof conversion === 'function' ? conversion : { ...conversion, path: [name, ...conversion.path] };
}

function convertMap(key: Conversion, value: Conversion): Conversion {
  if (typeof key !== 'function') {
    return below('key', key);
  }
  if (typeof value !== 'function') {
    return below('value', value);
  }
  return key === same && value === same
    ? same
    : // Decoded as a map.
      (map) => new Map([...(map as Map<unknown, unknown>)].map(([k, v]) => [key(k), value(v)] as const));
}

function convertScalar(written: DataType, declared: DataType): Convert | undefined {
  if (isEqual(written, declared)) {
    return same;
  }
  const change = `${written.kind} to ${declared.kind}`;
  if (change === 'int to bigint') {
    return (value) => BigInt(value as number); // decoded as an integer
  }
  if (declared.kind === 'decimal') {
    return convertToDecimal(written, declared);
  }
  return WIDENED.has(change) ? same : undefined;
}

type DecimalType = Extract<DataType, { readonly kind: 'decimal' }>;

/** Whole digits of the integers: doubles hold them exactly to 2^53, 64 bits to 2^63. */
const WHOLE_DIGITS: Readonly<Record<string, number>> = { int: 16, bigint: 19 };

/** No value that was written may lose a digit: neither before the point nor behind it. */
function convertToDecimal(written: DataType, declared: DecimalType): Convert | undefined {
  const whole = declared.precision - declared.scale;
  if (written.kind === 'decimal') {
    const fits = declared.scale >= written.scale && whole >= written.precision - written.scale;
    return fits ? (value) => (value as Decimal).rounded(declared.scale) : undefined; // decoded as a decimal
  }
  const fits = whole >= (WHOLE_DIGITS[written.kind] ?? Number.POSITIVE_INFINITY);
  return fits ? (value) => Decimal.of(value as number | bigint).rounded(declared.scale) : undefined; // an integer
}

function convertRow(written: readonly RowField[], declared: readonly RowField[]): Conversion {
  const fields: { readonly name: string; readonly from: string; readonly convert: Convert }[] = [];
  for (const field of declared) {
    const before = writtenAs(field, written);
    const convert = before === undefined ? added(field) : convertible(before.type, field.type);
    if (typeof convert !== 'function') {
      return below(field.name, convert);
    }
    fields.push({ name: field.name, from: before?.name ?? field.name, convert });
  }
  const unchanged =
    written.length === fields.length &&
    fields.every(
      ({ name, from, convert }, index) => convert === same && name === from && written[index]?.name === name,
    );
  if (unchanged) {
    return same;
  }
  const build = rowBuilder(fields.map(({ name }) => name));
  return (value) => {
    let next = 0;
    // Decoded as a row.
    return build(value as Readonly<Record<string, unknown>>, (row) => {
      const field = fields[next++];
      return field?.convert(row[field.from]);
    });
  };
}

/** The field of the old row that a field of the new one goes on with. */
function writtenAs({ name, formerly }: RowField, written: readonly RowField[]): RowField | undefined {
  const byName = (wanted: string) => written.find((field) => field.name === wanted);
  return byName(name) ?? (formerly === undefined ? undefined : byName(formerly));
}

function added({ type, default: json }: RowField): Conversion {
  if (json !== undefined) {
    // Made anew for every row, which may change it.
    const fromJson = jsonConverter(type);
    return () => fromJson(json, []);
  }
  return type.kind === 'nullable' ? () => null : { path: [], written: undefined, declared: type };
}

function checked(declared: DataType, value: unknown): unknown {
  const issue = issuesOf(declared, value)?.[0];
  if (issue !== undefined) {
    const path = issue.path?.map(String).join('.') ?? '';
    throw new StateMigrationError(
      `${path === '' ? 'a value' : `field "${path}" of a value`} ${issue.message}, since the program now declares ${sqlOf(declared)}`,
    );
  }
  return value;
}

/** Equal in their bytes: about those, old names of fields and defaults say nothing. */
function isEqual(left: DataType | null, right: DataType | null): boolean {
  return layoutText(left) === layoutText(right);
}

function layoutText(type: DataType | null): string {
  return JSON.stringify(type, (name, value: unknown) =>
    name === 'default' || name === 'formerly' ? undefined : value,
  );
}
