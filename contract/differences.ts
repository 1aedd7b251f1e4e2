import { isJsonObject } from './json-object.ts';
import type { Difference } from './resources/difference.ts';

/**
 * Every place in which two JSON documents differ, in the order of the pointers.
 *
 * Objects are compared member by member, whatever the order of their members; lists and scalars as wholes. A member
 * that only one side has is one difference, with all that is inside. Pointers begin at the documents given:
 * `differences(job.spec, deployment.spec)` names `/parallelism`.
 *
 * Source: RFC 6901 for the pointers.
 *
 * Example: `differences({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } })` is
 * `[{ pointer: '/b/c', before: 2, after: 3 }]`.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  return differencesAt(before, after, '');
}

function differencesAt(before: unknown, after: unknown, pointer: string): Difference[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      differencesAt(own(before, name), own(after, name), `${pointer}/${pointerStep(name)}`),
    );
  }
  if (isEqualJson(before, after)) return [];
  return [
    {
      pointer,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

/** Equal as JSON: members may stand in any order, and one that is undefined counts as absent. */
export function isEqualJson(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqualJson(item, right[index]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => isEqualJson(own(left, name), own(right, name)));
}

/** A member's name as a step of a JSON pointer. */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
