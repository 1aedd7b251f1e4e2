import type { Key } from '../data/key-groups.ts';

/** A key must be a primitive that hashes the same everywhere. */
export function checkedKey(key: unknown): Key {
  switch (typeof key) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return key;
    default:
      throw new Error(
        `keyBy gave ${key === null ? 'null' : `a value of type ${typeof key}`}; a key must be a string, number, boolean or bigint`,
      );
  }
}
