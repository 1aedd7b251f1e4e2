import * as fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { PrimitiveKey } from './key-groups.ts';
import { javaHash } from './key-groups.ts';
import { checkedKey, keyFault, keyText } from './keys.ts';
import { unpinned } from './unpinned.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // exists by the flag above

const element: fc.Arbitrary<PrimitiveKey> = fc.oneof(
  fc.constantFrom<PrimitiveKey>('', 'a', '1', 1, 1n, true, 0, -0, Number.NaN),
  fc.string(),
  fc.double(),
  fc.bigInt(),
);
const tuple = fc.array(element, { minLength: 1, maxLength: 4 });

describe('a composite key', () => {
  test('is the same object as every equal one, and no other', () => {
    fc.assert(
      fc.property(tuple, tuple, (left, right) => {
        expect(checkedKey(left)).toBe(checkedKey([...left]));
        expect(checkedKey(left) === checkedKey(right)).toBe(sameElements(left, right));
      }),
      { numRuns: 2000 },
    );
  });

  test('has the elements of the array that it was made of, and cannot be changed', () => {
    const key = checkedKey(['a', 1, 2n, true]);
    expect(key).toEqual(['a', 1, 2n, true]);
    expect(Object.isFrozen(key)).toBe(true);
  });

  test('stays itself when it goes into state, while other arrays are copied', () => {
    const key = checkedKey(['a', 'a text that V8 would slice']);
    expect(unpinned(key)).toBe(key);
    const frozen = Object.freeze(['a', 'b']);
    expect(unpinned(frozen)).not.toBe(frozen);
  });

  test('hashes as a tuple of Flink', () => {
    expect(javaHash(['a', 1])).toBe(3008);
    expect(javaHash(['user', -7])).toBe(111_578_510);
  });

  test('that nobody holds any more leaves no memory behind', async () => {
    const fill = (round: number): void => {
      for (let index = 0; index < 10_000; index++) {
        checkedKey([`round ${round}`, `key ${index}`]);
      }
    };
    const used = async (): Promise<number> => {
      // Two turns: finalizers are called in a task after the collection, and what they drop is collected then.
      for (let count = 0; count < 3; count++) {
        collectGarbage();
        await nextTurn();
      }
      return process.memoryUsage().heapUsed;
    };
    fill(0);
    const before = await used();
    const kept = checkedKey(['kept', 1]);
    for (let round = 1; round <= 4; round++) {
      fill(round);
      await used();
    }
    // 40,000 keys would be some 15 MB.
    expect((await used()) - before).toBeLessThan(4_000_000);
    expect(checkedKey(['kept', 1])).toBe(kept);
  }, 60_000);
});

describe('what is no key', () => {
  test.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [{ a: 1 }, 'an object'],
    [Symbol('x'), 'a symbol'],
    [[], 'an empty array'],
    [['a', null], 'an array with null at position 1'],
    [['a', undefined], 'an array with undefined at position 1'],
    [[['a']], 'an array with an array at position 0'],
    [[{}], 'an array with an object at position 0'],
  ])('is refused: %o', (key, shown) => {
    const remedy = 'a key must be a string, number, boolean or bigint, or an array of them';
    expect(keyFault(key)).toBe(`${shown}; ${remedy}`);
    expect(() => checkedKey(key)).toThrow(`keyBy gave ${shown}; ${remedy}`);
  });

  test('is told from what is one', () => {
    expect([checkedKey('a'), checkedKey(1), checkedKey(false), checkedKey(1n)]).toEqual(['a', 1, false, 1n]);
  });
});

test('a key is shown so that its elements can be told apart', () => {
  expect([keyText('a'), keyText(['a, b', 1, 2n])]).toEqual(['a', '["a, b", 1, 2]']);
});

/** As a Map compares: 0 and -0 are the same, so is NaN. */
function sameElements(left: readonly PrimitiveKey[], right: readonly PrimitiveKey[]): boolean {
  return left.length === right.length && left.every((each, index) => new Set([each]).has(right[index] ?? ''));
}
