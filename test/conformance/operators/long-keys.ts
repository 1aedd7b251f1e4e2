/** Keys of Java's type long are bigints of ours, since they hash otherwise than ints. In the suite's JSON both are numbers. */

/** A key of the suite as a keyed stream has it. */
export function keyIn(keyType: unknown, key: unknown): unknown {
  return keyType === 'long' && typeof key === 'number' ? BigInt(key) : key;
}

/** A key, or anything that holds one, as the suite has it. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(jsonOf);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, jsonOf(field)]))
    : value;
}
