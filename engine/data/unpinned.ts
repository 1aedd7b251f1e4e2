import { isCanonical } from './key-tuples.ts';
import { canPinText, unpinnedString } from './unpinned-string.ts';

/** A copy of plain data whose strings are {@link unpinnedString}s; other objects (Map, Date, bytes) stay as they are. */
export function unpinned<T>(value: T): T {
  return copy(value) as T; // a copy has the type of what was copied
}

/**
 * The value itself where none of its strings can pin anything, and else its {@link unpinned} copy.
 *
 * For records that nobody changes: V8 learns where the objects are made that live long, which no copy tells it, and
 * then need not move them twice. It makes a window of records three times faster.
 */
export function unpinnedRecord<T>(value: T): T {
  return canPin(value) ? unpinned(value) : value;
}

function canPin(value: unknown): boolean {
  if (typeof value === 'string') {
    return canPinText(value);
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.some(canPin);
  }
  const row = value as Readonly<Record<string, unknown>>; // only read
  for (const name in row) {
    if (canPin(row[name])) {
      return true;
    }
  }
  return false;
}

function copy(value: unknown): unknown {
  if (typeof value === 'string') {
    return unpinnedString(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    // A key is found by its identity; its strings were unpinned when it was entered.
    return Object.isFrozen(value) && isCanonical(value) ? value : value.map(copy);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? copyRow(value) : value;
}

function copyRow(value: object): object {
  const row: Record<string, unknown> = { ...value };
  // Half the time of a loop over `Object.keys`: V8 knows the names of a shape, and where its fields are.
  for (const name in row) {
    const field = row[name];
    if (typeof field === 'string' ? canPinText(field) : isObject(field)) {
      row[name] = copy(field);
    }
  }
  return row;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
