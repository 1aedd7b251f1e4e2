/** From values to what JSON has for them; the way back is json-value.ts. */
import { dateText } from './date-text.ts';
import { intervalText } from './interval-text.ts';
import { rowBuilder } from './row-shapes.ts';
import type { DataType, RowField } from './schema.ts';

/** Gives what `JSON.stringify` is to write for a value. */
type ToJson = (value: unknown) => unknown;

// Newer than the types of the language: text that stands in JSON as it is, which a number of 64 bits needs.
const { rawJSON } = JSON as unknown as { rawJSON(this: void, text: string): unknown };

const same: ToJson = (value) => value;

/** A value as plain JSON, which may be written and parsed by anyone and keeps every digit: integers beyond 2^53 are text. */
export function plainJsonOf(type: DataType, value: unknown): unknown {
  const text = JSON.stringify(jsonForm(type)(value));
  return JSON.parse(text, exactIntegers);
}

function exactIntegers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? context?.source : value;
}

/** What JSON has no form for, whatever its type is called. */
export function plainJson(_name: string, value: unknown): unknown {
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

/** What JSON is to have for the values of a type: what `jsonConverter` reads back. */
export function jsonForm(type: DataType): ToJson {
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
      return nullableToJson(jsonForm(type.of));
    case 'array':
      return arrayToJson(jsonForm(type.element));
    case 'map':
      return mapToJson(jsonForm(type.key), jsonForm(type.value));
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
  const converters = fields.map(({ name, type }) => ({ name, convert: jsonForm(type) }));
  return (value) => {
    let next = 0;
    return build(value as Readonly<Record<string, unknown>>, (row) => {
      const field = converters[next++];
      return field?.convert(row[field.name]);
    });
  };
}
