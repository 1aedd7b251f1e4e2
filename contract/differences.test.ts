import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences, isEqualJson } from './differences.ts';
import type { Difference } from './resources/difference.ts';

describe('differences', () => {
  test('names the place, what stood there and what stands there', () => {
    expect(
      differences({ a: 1, b: { c: 2, d: [1] }, e: null }, { b: { c: 3, d: [1] }, e: 0, f: { g: 1 } }),
    ).toEqual([
      { pointer: '/a', before: 1 },
      { pointer: '/b/c', before: 2, after: 3 },
      { pointer: '/e', before: null, after: 0 },
      { pointer: '/f', after: { g: 1 } },
    ]);
  });

  test('compares lists as wholes', () => {
    expect(differences({ list: [1, 2] }, { list: [1, 3] })).toEqual([
      { pointer: '/list', before: [1, 2], after: [1, 3] },
    ]);
  });

  test('writes names with a slash or a tilde as pointers do', () => {
    expect(differences({}, { 'a/b~c': 1 })[0]?.pointer).toBe('/a~1b~0c');
  });

  test('finds none between a document and itself with its members in another order', () => {
    expect(differences({ a: { x: 1, y: 2 }, b: 3 }, { b: 3, a: { y: 2, x: 1 } })).toEqual([]);
  });

  test('is empty exactly where the documents are equal', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(differences(before, after).length === 0).toBe(isEqualJson(before, after));
        expect(differences(before, before)).toEqual([]);
      }),
    );
  });

  test('tells enough to make the one document of the other', () => {
    const document = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.integer(), fc.dictionary(fc.constantFrom('a', 'b'), fc.string())),
    );
    fc.assert(
      fc.property(document, document, (before, after) => {
        const changed = structuredClone(before);
        for (const difference of differences(before, after)) apply(changed, difference);
        expect(changed).toEqual(after);
      }),
    );
  });
});

function apply(document: Record<string, unknown>, { pointer, after }: Difference): void {
  const [name = '', ...rest] = pointer.split('/').slice(1);
  if (rest.length > 0) {
    apply(document[name] as Record<string, unknown>, { pointer: `/${rest.join('/')}`, after });
  } else if (after === undefined) delete document[name];
  else document[name] = after;
}
