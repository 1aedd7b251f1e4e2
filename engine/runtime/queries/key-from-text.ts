import { checkedKey, isKey } from '../../data/keys.ts';
import type { Key, PrimitiveKey } from '../../data/key-groups.ts';
import { StateQueryError } from './state-query.ts';

/**
 * The key that a text means. A program computes its keys by a function, so their type is that of a key at hand.
 *
 * Errors: a `StateQueryError` for text that cannot be such a key.
 */
export function keyFromText(text: string, sample: Key): Key {
  if (typeof sample === 'object') return tupleFromText(text, sample);
  return primitiveFromText(text, sample);
}

/** `string`, `number`, `boolean`, `bigint` or `array`. */
export function keyKind(key: Key): string {
  return typeof key === 'object' ? 'array' : typeof key;
}

function primitiveFromText(text: string, sample: PrimitiveKey): PrimitiveKey {
  switch (typeof sample) {
    case 'number': {
      const number = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isNaN(number) && text !== 'NaN' ? refuse(text, 'a number', sample) : number;
    }
    case 'bigint':
      return /^-?\d+$/.test(text) ? BigInt(text) : refuse(text, 'a whole number', sample);
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : refuse(text, 'true or false', sample);
    default:
      return text;
  }
}

function tupleFromText(text: string, sample: readonly PrimitiveKey[]): Key {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, wholeDigits);
  } catch {
    return refuse(text, 'a JSON array', sample);
  }
  if (!Array.isArray(parsed) || !isKey(parsed) || parsed.length !== sample.length)
    return refuse(text, `a JSON array of ${sample.length} values`, sample);
  // An array of primitives, by the test before.
  const elements = parsed as readonly PrimitiveKey[];
  return checkedKey(elements.map((element, index) => likeSample(element, sample[index] ?? element, text)));
}

function likeSample(element: PrimitiveKey, sample: PrimitiveKey, text: string): PrimitiveKey {
  if (typeof element === typeof sample) return element;
  return typeof element === 'string' && typeof sample !== 'bigint'
    ? refuse(text, `an array with a ${typeof sample} in place of "${element}"`, sample)
    : primitiveFromText(String(element), sample);
}

/** Integers of any length keep their digits. */
function wholeDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(context?.source ?? '0') : value;
}

function refuse(text: string, wanted: string, sample: Key): never {
  const example = JSON.stringify(sample, (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  throw new StateQueryError(
    'invalid',
    `Cannot read key "${text}": keys of this operator are like ${example}; give ${wanted}`,
  );
}
