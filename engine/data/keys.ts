/** Keys as operators get them: proved, and of equal composite keys always the same array. */
import type { Key, PrimitiveKey } from './key-groups.ts';
import { canonicalTuple } from './key-tuples.ts';
import { kindText } from './value-kind.ts';

/**
 * The key as operators are given it: a primitive as it is, of a composite one the array that stands for all equal ones,
 * so that a `Map` finds it by identity. It lives as long as anyone holds it.
 *
 * Errors: what is no key is refused with a sentence that says what it is.
 */
export function checkedKey(key: unknown): Key {
  if (isPrimitive(key)) {
    return key;
  }
  if (!isTuple(key)) {
    throw new TypeError(`keyBy gave ${keyFault(key)}`);
  }
  return canonicalTuple(key);
}

/** True for what can be a key; it may not be canonical yet. */
export function isKey(key: unknown): key is Key {
  return isPrimitive(key) || isTuple(key);
}

/** What is wrong with a key, with the remedy. */
export function keyFault(key: unknown): string {
  return `${shownFault(key)}; a key must be a string, number, boolean or bigint, or an array of them`;
}

/** A key as people read it: `a`, or `["a", 1]`. */
export function keyText(key: unknown): string {
  const text = (element: unknown): string =>
    typeof element === 'string' ? JSON.stringify(element) : String(element);
  return Array.isArray(key) ? `[${key.map(text).join(', ')}]` : String(key);
}

function isPrimitive(key: unknown): key is PrimitiveKey {
  return (
    typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint'
  );
}

function isTuple(key: unknown): key is readonly PrimitiveKey[] {
  if (!Array.isArray(key) || key.length === 0) {
    return false;
  }
  for (let index = 0; index < key.length; index++) {
    if (!isPrimitive(key[index])) {
      return false;
    }
  }
  return true;
}

function shownFault(key: unknown): string {
  if (!Array.isArray(key)) {
    return kindText(key);
  }
  const wrong = Array.from(key).findIndex((element) => !isPrimitive(element));
  return wrong < 0 ? 'an empty array' : `an array with ${kindText(key[wrong])} at position ${wrong}`;
}
