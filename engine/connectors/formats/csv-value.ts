import { dateText } from '../../data/date-text.ts';
import { DecodeError } from '../../data/decode-error.ts';
import { intervalText } from '../../data/interval-text.ts';
import { jsonForm } from '../../data/json-form.ts';
import { jsonConverter, parseJson } from '../../data/json-value.ts';
import type { DataType } from '../../data/schema.ts';

/** Gives the text of a value; undefined for null. */
export type CsvText = (value: unknown) => string | undefined;
/** Gives the value of a text; undefined stands for null. */
export type CsvValue = (text: string | undefined) => unknown;

/** How values of a type are written in one field; what has no text of its own is JSON. */
export function csvText(type: DataType): CsvText {
  switch (type.kind) {
    case 'nullable': {
      const of = csvText(type.of);
      return (value) => (value === null ? undefined : of(value));
    }
    case 'string':
    case 'enum':
      return (value) => value as string; // the schema says so, and so below
    case 'double':
      return (value) => (Object.is(value, -0) ? '-0' : String(value));
    case 'date':
      return (value) => dateText(value as number);
    case 'interval':
      return (value) => intervalText(value as number);
    case 'bytes':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'array':
    case 'map':
    case 'row': {
      const convert = jsonForm(type);
      return (value) => JSON.stringify(convert(value));
    }
    case 'instant': {
      const convert = jsonForm(type);
      return (value) => String(convert(value));
    }
    default:
      return (value) => String(value);
  }
}

/** How a type is read from a field. What it cannot read is a `DecodeError` that names the field. */
export function csvValue(type: DataType, field: string): CsvValue {
  if (type.kind === 'nullable') {
    const of = csvValue(type.of, field);
    return (text) => (text === undefined ? null : of(text));
  }
  const convert = jsonConverter(type);
  const parse = parserOf(type);
  return (text) => {
    if (text === undefined) throw new DecodeError(`field "${field}" is null, and must not be`);
    return convert(parse(text), [field]);
  };
}

/** What a converter of JSON takes for this text. */
function parserOf(type: DataType): (text: string) => unknown {
  switch (type.kind) {
    case 'boolean':
      return (text) => (text === 'true' ? true : text === 'false' ? false : text);
    case 'int':
      return (text) => (/^-?\d+$/.test(text) ? Number(text) : text);
    case 'double':
      return (text) => (NUMBER.test(text) ? Number(text) : text);
    case 'instant':
    case 'date':
    case 'interval':
      return (text) => (/^-?\d+$/.test(text) ? Number(text) : text);
    case 'array':
    case 'map':
    case 'row':
      return (text) => parseJson(text, true);
    default:
      return (text) => text;
  }
}

const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/;
