/** From records to JSON payloads: what a decoder of the same schema reads back. */
import { dataTypeOf } from '../../data/data-type.ts';
import { jsonForm, plainJson } from '../../data/json-form.ts';
import type { Schema } from '../../data/schema.ts';

/** Turns one record into a payload. */
export type RecordEncoder<T> = (value: T) => Uint8Array;

/**
 * The encoder of JSON objects.
 *
 * Shape: with a schema of `t`, an instant is ISO 8601 text, a date `2026-11-21`, an interval `PT5M`, a decimal its text.
 * In any case a bigint is a number with all its digits, bytes are base64 and a Map is an object. Numbers that JSON
 * cannot have, such as NaN, become null.
 */
export function jsonEncoder<T>(schema?: Schema<T>): RecordEncoder<T> {
  const type = dataTypeOf(schema);
  const textOf = type === undefined ? untypedText : typedText(jsonForm(type));
  return (value) => {
    const text = textOf(value);
    if (text === undefined) {
      throw new TypeError(`Cannot encode a record as JSON: it is ${typeof value}; send data`);
    }
    return Buffer.from(text);
  };
}

type TextOf = (value: unknown) => string | undefined;

// The types of JSON.stringify leave out that it gives undefined for undefined.
const untypedText: TextOf = (value) => JSON.stringify(value, plainJson);

/** Without a call per field: a converter has been wherever JSON has no form of its own. */
function typedText(convert: (value: unknown) => unknown): TextOf {
  return (value) => JSON.stringify(convert(value));
}
