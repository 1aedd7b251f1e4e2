import { anyCodec } from '../data/any-codec.ts';
import { codecOf } from '../data/codec.ts';
import { issuesOf, sqlOf } from '../data/data-type.ts';
import { Decimal } from '../data/decimal.ts';
import type { FrameReader } from '../data/frame-reader.ts';
import type { DataType, RowField } from '../data/schema.ts';
import { StateMigrationError } from './state-layout.ts';

type Convert = (value: unknown) => unknown;

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
 * Fields may be dropped, nullable fields added, integers and decimals widened, and anything may become nullable;
 * whatever else changed is refused. Source: Flink's rules for POJOs, with nullable fields in place of Java's defaults.
 */
export function migratingReader(
  written: DataType | null,
  declared: DataType | null,
): (from: FrameReader) => unknown {
  const codec = written === null ? anyCodec : codecOf(written);
  const convert = conversion(written, declared);
  return convert === same ? (from) => codec.read(from) : (from) => convert(codec.read(from));
}

function conversion(written: DataType | null, declared: DataType | null): Convert {
  if (declared === null || JSON.stringify(written) === JSON.stringify(declared)) {
    return same;
  }
  if (written === null) {
    return (value) => checked(declared, value);
  }
  const convert = convertible(written, declared);
  if (convert === undefined) {
    throw new StateMigrationError(misfit(written, declared));
  }
  return convert;
}

/** Why values of one type cannot become values of another; undefined where they can, or where only the values tell. */
export function migrationFault(written: DataType | null, declared: DataType | null): string | undefined {
  const fits =
    written === null ||
    declared === null ||
    JSON.stringify(written) === JSON.stringify(declared) ||
    convertible(written, declared) !== undefined;
  return fits ? undefined : misfit(written, declared);
}

function misfit(written: DataType, declared: DataType): string {
  return `it was written as ${sqlOf(written)}, the program declares ${sqlOf(declared)}; give the state a new name, or a type that the old values fit`;
}

function convertible(written: DataType, declared: DataType): Convert | undefined {
  if (declared.kind === 'nullable') {
    const inner = convertible(written.kind === 'nullable' ? written.of : written, declared.of);
    return inner && ((value) => (value === null ? null : inner(value)));
  }
  if (written.kind === 'row' && declared.kind === 'row') {
    return convertRow(written.fields, declared.fields);
  }
  if (written.kind === 'array' && declared.kind === 'array') {
    const element = convertible(written.element, declared.element);
    return element && ((value) => (value as unknown[]).map(element)); // decoded as an array
  }
  if (written.kind === 'map' && declared.kind === 'map') {
    return convertMap(convertible(written.key, declared.key), convertible(written.value, declared.value));
  }
  if (written.kind === 'enum' && declared.kind === 'enum') {
    return written.values.every((value) => declared.values.includes(value)) ? same : undefined;
  }
  return convertScalar(written, declared);
}

function convertMap(key: Convert | undefined, value: Convert | undefined): Convert | undefined {
  // Decoded as a map.
  return (
    key &&
    value &&
    ((map) => new Map([...(map as Map<unknown, unknown>)].map(([k, v]) => [key(k), value(v)] as const)))
  );
}

function convertScalar(written: DataType, declared: DataType): Convert | undefined {
  if (JSON.stringify(written) === JSON.stringify(declared)) {
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

function convertRow(written: readonly RowField[], declared: readonly RowField[]): Convert | undefined {
  const fields: { readonly name: string; readonly convert: Convert }[] = [];
  for (const { name, type } of declared) {
    const before = written.find((field) => field.name === name);
    const added: Convert | undefined = type.kind === 'nullable' ? () => null : undefined;
    const convert = before === undefined ? added : convertible(before.type, type);
    if (convert === undefined) {
      return undefined;
    }
    fields.push({ name, convert });
  }
  return (value) => {
    const row = value as Readonly<Record<string, unknown>>; // decoded as a row
    return Object.fromEntries(fields.map(({ name, convert }) => [name, convert(row[name])]));
  };
}

function checked(declared: DataType, value: unknown): unknown {
  const issue = issuesOf(declared, value)?.[0];
  if (issue !== undefined) {
    throw new StateMigrationError(
      `a value ${issue.message}, since the program now declares ${sqlOf(declared)}`,
    );
  }
  return value;
}
