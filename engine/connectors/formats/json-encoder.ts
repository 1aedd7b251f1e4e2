/** From records to JSON payloads: what a decoder of the same schema reads back. */
import { dataTypeOf } from '../../data/data-type.ts';
import { dateText } from '../../data/date-text.ts';
import { intervalText } from '../../data/interval-text.ts';
import { rowBuilder } from '../../data/row-shapes.ts';
import type { DataType, RowField, Schema } from '../../data/schema.ts';

/** Turns one record into a payload. */
export type RecordEncoder<T> = (value: T) => Uint8Array;

/** Gives what `JSON.stringify` is to write for a value. */
type ToJson = (value: unknown) => unknown;

// Newer than the types of the language: text that stands in JSON as it is, which a number of 64 bits needs.
const { rawJSON } = JSON as unknown as { rawJSON(this: void, text: string): unknown };

/**
 * The encoder of JSON objects.
 *
 * Shape: with a schema of `t`, an instant is ISO 8601 text, a date `2026-11-21`, an interval `PT5M`, a decimal its text.
 * In any case a bigint is a number with all its digits, bytes are base64 and a Map is an object. Numbers that JSON
 * cannot have, such as NaN, become null.
 */
export function jsonEncoder<T>(schema?: Schema<T>): RecordEncoder<T> {
  const type = dataTypeOf(schema);
  const textOf = type === undefined ? untypedText : typedText(toJson(type));
  return (value) => {
    const text = textOf(value);
    if (text === undefined) {
      throw new TypeError(`Cannot encode a record as JSON: it is ${typeof value}; send data`);
    }
    return Buffer.from(text);
  };
}

const same: ToJson = (value) => value;

type TextOf = (value: unknown) => string | undefined;

// The types of JSON.stringify leave out that it gives undefined for undefined.
const untypedText: TextOf = (value) => JSON.stringify(value, plainJson);

/** Without a call per field: a converter has been wherever JSON has no form of its own. */
function typedText(convert: ToJson): TextOf {
  return (value) => JSON.stringify(convert(value));
}

/** What JSON has no form for, whatever its type is called. */
function plainJson(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return rawJSON(value.toString());
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), item as unknown]));
  }
  if (value instanceof Set) {
    return [...value];
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function toJson(type: DataType): ToJson {
  switch (type.kind) {
    case 'bigint':
    case 'bytes':
      return (value) => plainJson('', value);
    case 'instant':
      return (value) => instantText(value as number); // the schema says so, and so below
    case 'date':
      return (value) => dateText(value as number);
    case 'interval':
      return (value) => intervalText(value as number);
    case 'nullable':
      return nullableToJson(toJson(type.of));
    case 'array':
      return arrayToJson(toJson(type.element));
    case 'map':
      return mapToJson(toJson(type.key), toJson(type.value));
    case 'row':
      return rowToJson(type.fields);
    default:
      return same;
  }
}

function instantText(time: number): unknown {
  const date = new Date(time);
  // Beyond the years that a Date has, the number says it.
  return Number.isNaN(date.getTime()) || !/^\d{4}-/.test(date.toISOString()) ? time : date.toISOString();
}

function nullableToJson(of: ToJson): ToJson {
  return (value) => (value === null ? null : of(value));
}

function arrayToJson(element: ToJson): ToJson {
  return element === same ? same : (value) => (value as readonly unknown[]).map((item) => element(item));
}

function mapToJson(key: ToJson, item: ToJson): ToJson {
  return (value) =>
    Object.fromEntries(
      [...(value as ReadonlyMap<unknown, unknown>)].map(([k, v]) => [String(key(k)), item(v)]),
    );
}

function rowToJson(fields: readonly RowField[]): ToJson {
  const build = rowBuilder(fields.map(({ name }) => name));
  const converters = fields.map(({ name, type }) => ({ name, convert: toJson(type) }));
  return (value) => {
    let next = 0;
    return build(value as Readonly<Record<string, unknown>>, (row) => {
      const field = converters[next++];
      return field?.convert(row[field.name]);
    });
  };
}
