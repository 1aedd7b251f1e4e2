import { Refusal } from './refusal.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify(value)}\n`);
}

/** The object in a file that should hold one; `key` is for the message. Throws a `Refusal` for anything else. */
export function decodeJson(key: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new Refusal(`Cannot read "${key}": it is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(`Cannot read "${key}": it is not a JSON object`);
  // An object of JSON has text for keys; what its fields are, the caller looks at.
  return value as Readonly<Record<string, unknown>>;
}
