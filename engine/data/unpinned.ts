/** V8 copies substrings below this length; longer ones are slices that keep their whole parent alive. */
const SLICED_LENGTH = 13;

/**
 * The same string with memory of its own.
 *
 * Strings of decoded records are slices of the blob of their batch: one of them in long-lived state would keep some
 * 40 KB alive. Costs 67 ns, so it is for what goes into state, never for what passes through.
 */
export function unpinnedString(text: string): string {
  return text.length < SLICED_LENGTH ? text : ` ${text}`.slice(1);
}

/** A copy of plain data whose strings are {@link unpinnedString}s; other objects (Map, Date, bytes) stay as they are. */
export function unpinned<T>(value: T): T {
  return copy(value) as T; // a copy has the type of what was copied
}

function copy(value: unknown): unknown {
  if (typeof value === 'string') {
    return unpinnedString(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? copyRow(value) : value;
}

function copyRow(value: object): object {
  const row: Record<string, unknown> = { ...value };
  for (const name of Object.keys(row)) {
    const field = row[name];
    if (typeof field === 'string' || (typeof field === 'object' && field !== null)) {
      row[name] = copy(field);
    }
  }
  return row;
}
