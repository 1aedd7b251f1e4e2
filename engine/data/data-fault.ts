import { isDecimal } from './decimal.ts';
import { isPlain, kindText } from './value-kind.ts';

/** A part of a value that is no data. */
export interface DataFault {
  /** The way to it, as in `user.tags[2]`; empty for the value itself. */
  readonly path: string;
  /** What stands there. */
  readonly what: string;
}

/** The first part of a value that the self-describing codec cannot write; undefined where there is none. */
export function dataFault(value: unknown): DataFault | undefined {
  return findFault(value, '', new Set());
}

/** True for objects that the self-describing codec writes as such, and not by their fields. */
function isKnownObject(value: object): boolean {
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    value instanceof Date ||
    value instanceof Uint8Array ||
    isDecimal(value)
  );
}

function findFault(value: unknown, path: string, around: ReadonlySet<unknown>): DataFault | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') {
    return { path, what: kindText(value) };
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (around.has(value)) {
    return { path, what: 'an object that it is itself a part of' };
  }
  if (!isKnownObject(value) && !isPlain(value)) {
    return { path, what: kindText(value) };
  }
  const within = new Set(around).add(value);
  for (const [step, part] of partsOf(value, path)) {
    const fault = findFault(part, step, within);
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
}

/** What an object holds, each with the way to it. */
function* partsOf(value: object, path: string): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    yield* value.map((part: unknown, index) => [`${path}[${index}]`, part] as const);
  } else if (value instanceof Map) {
    for (const [key, part] of value) {
      yield [`${path}{}`, key];
      yield [`${path}{${String(key)}}`, part];
    }
  } else if (value instanceof Set) {
    yield* [...value].map((part: unknown) => [`${path}{}`, part] as const);
  } else if (isPlain(value)) {
    yield* Object.entries(value).map(
      ([name, part]) => [path === '' ? name : `${path}.${name}`, part] as const,
    );
  }
}
