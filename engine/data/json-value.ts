/** From what JSON has to what the schema says: the slow and obvious way, which defines what the generated parser does. */
import { parseDate } from './date-text.ts';
import { Decimal, isDecimal, unscaledIn } from './decimal.ts';
import { parseInterval } from './interval-text.ts';
import { rowBuilder } from './row-shapes.ts';
import type { DataType, RowField, SimpleKind } from './schema.ts';
import { parseInstant } from './instant-text.ts';
import { DecodeError } from './decode-error.ts';

/** Where in the document a value stands; grows and shrinks while it is walked. */
type Path = (string | number)[];

/** Gives the value of the type, or throws a `DecodeError` that names the field. */
export type JsonConverter = (value: unknown, path: Path) => unknown;

/**
 * Makes the converter of a type.
 *
 * Unknown fields are ignored; an absent nullable field is null. An instant is ISO 8601 text or ms since 1970, a
 * date is text such as `2026-11-21` or days since 1970, an interval is an ISO 8601 duration or ms, bytes are base64, a
 * map is an object, a bigint or decimal is a number of any length or text.
 */
export function jsonConverter(type: DataType): JsonConverter {
  switch (type.kind) {
    case 'row':
      return rowConverter(type.fields);
    case 'array':
      return arrayConverter(jsonConverter(type.element));
    case 'map':
      return mapConverter(type);
    case 'nullable': {
      const inner = jsonConverter(type.of);
      return (value, path) => (value === null || value === undefined ? null : inner(value, path));
    }
    case 'enum': {
      const values = new Set(type.values);
      const wanted = `one of ${type.values.map((value) => JSON.stringify(value)).join(', ')}`;
      return (value, path) =>
        typeof value === 'string' && values.has(value) ? value : wrong(wanted, value, path);
    }
    case 'decimal':
      return decimalConverter(type);
    default:
      return scalarConverters[type.kind];
  }
}

/** Parses text so that numbers of any length keep all their digits where the schema asks for them. */
export function parseJson(text: string, exactNumbers: boolean): unknown {
  try {
    return exactNumbers ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (cause) {
    throw new DecodeError(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) {
    return value;
  }
  if (/^-?\d+$/.test(source)) {
    return Number.isSafeInteger(value) ? value : BigInt(source);
  }
  // A double has the first 15 digits of any number.
  const exact = source.length > EXACT_DIGITS ? Decimal.parse(source) : undefined;
  return exact === undefined || isSame(exact, value) ? value : exact;
}

function isSame(exact: Decimal, value: number): boolean {
  return Number.isFinite(value) && exact.equals(Decimal.of(value));
}

const EXACT_DIGITS = 15;

const scalarConverters: Readonly<Record<SimpleKind, JsonConverter>> = {
  boolean: (value, path) => (typeof value === 'boolean' ? value : wrong('a boolean', value, path)),
  string: (value, path) => (typeof value === 'string' ? value : wrong('a string', value, path)),
  int: (value, path) => (Number.isSafeInteger(value) ? value : wrong('an integer', value, path)),
  double: (value, path) => {
    const number = typeof value === 'bigint' || isDecimal(value) ? Number(String(value)) : value;
    return typeof number === 'number' ? number : wrong('a number', value, path);
  },
  bigint: (value, path) => {
    const digits = typeof value === 'string' && /^-?\d+$/.test(value);
    return digits || typeof value === 'bigint' || Number.isSafeInteger(value)
      ? inRange(BigInt(value as string | bigint | number), path) // one of the three by the test before
      : wrong('a 64-bit integer', value, path);
  },
  instant: (value, path) => {
    const time = typeof value === 'string' ? parseInstant(value) : value;
    return Number.isSafeInteger(time)
      ? time
      : wrong('an ISO 8601 time with a zone or ms since 1970', value, path);
  },
  date: (value, path) => {
    const days = typeof value === 'string' ? parseDate(value) : value;
    return Number.isSafeInteger(days)
      ? days
      : wrong('a date such as "2026-11-21" or days since 1970', value, path);
  },
  interval: (value, path) => {
    const time = typeof value === 'string' ? parseInterval(value) : value;
    return Number.isSafeInteger(time)
      ? time
      : wrong('an ISO 8601 duration such as "PT5M" or ms', value, path);
  },
  bytes: (value, path) =>
    typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
      ? new Uint8Array(Buffer.from(value, 'base64'))
      : wrong('base64 text', value, path),
};

/** The decimal of a text with this precision and scale, at this scale; undefined where digits would be lost. */
export function decimalOf(
  text: string,
  { precision, scale }: { readonly precision: number; readonly scale: number },
): Decimal | undefined {
  const parsed = Decimal.parse(text);
  const unscaled = parsed && unscaledIn(parsed, precision, scale);
  return unscaled === undefined ? undefined : Decimal.ofUnscaled(unscaled, scale);
}

function decimalConverter(type: Extract<DataType, { kind: 'decimal' }>): JsonConverter {
  const wanted = `a decimal with at most ${type.precision} digits, ${type.scale} of them behind the point`;
  return (value, path) => {
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
    const decimal = isText || isDecimal(value) ? decimalOf(String(value), type) : undefined;
    return decimal ?? wrong(wanted, value, path);
  };
}

function inRange(value: bigint, path: Path): bigint {
  return BigInt.asIntN(64, value) === value ? value : wrong('a 64-bit integer', value, path);
}

function rowConverter(fields: readonly RowField[]): JsonConverter {
  const build = rowBuilder(fields.map((field) => field.name));
  const converters = fields.map((field) => ({ name: field.name, convert: jsonConverter(field.type) }));
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return wrong('an object', value, path);
    }
    let next = 0;
    return build(value, (row) => {
      const field = converters[next++];
      return field === undefined ? undefined : member(row, field.name, field.convert, path);
    });
  };
}

function member(row: object, name: string, convert: JsonConverter, path: Path): unknown {
  path.push(name);
  // Only own members: `toString` is no field of the document.
  const value: unknown = Object.hasOwn(row, name) ? Reflect.get(row, name) : undefined;
  const converted = convert(value, path);
  path.pop();
  return converted;
}

function arrayConverter(element: JsonConverter): JsonConverter {
  return (value, path) => {
    if (!Array.isArray(value)) {
      return wrong('an array', value, path);
    }
    return value.map((item: unknown, index) => {
      path.push(index);
      const converted = element(item, path);
      path.pop();
      return converted;
    });
  };
}

/** Types whose values JSON may have as text. */
const TEXT_KINDS: ReadonlySet<string> = new Set(['string', 'enum', 'instant', 'date', 'interval']);

function mapConverter(type: Extract<DataType, { kind: 'map' }>): JsonConverter {
  const convertKey = jsonConverter(type.key);
  const convertValue = jsonConverter(type.value);
  // JSON has only texts as names; a key of another type is written as it would be as a value.
  const textKeys = TEXT_KINDS.has(type.key.kind);
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return wrong('an object', value, path);
    }
    return new Map(
      Object.entries(value).map(([name, item]) => {
        path.push(name);
        const entry = [
          convertKey(textKeys ? name : parseJson(name, true), path),
          convertValue(item, path),
        ] as const;
        path.pop();
        return entry;
      }),
    );
  };
}

function wrong(wanted: string, value: unknown, path: Path): never {
  const field = path.length === 0 ? 'the record' : `field "${pathText(path)}"`;
  throw new DecodeError(
    value === undefined
      ? `${field} is missing; it must be ${wanted}`
      : `${field} must be ${wanted}, is ${shown(value)}`,
  );
}

/** As in `items[3].price`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`))
    .join('');
}

function shown(value: unknown): string {
  if (isDecimal(value)) {
    return value.toString();
  }
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
