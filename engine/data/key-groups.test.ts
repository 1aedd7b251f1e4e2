/** The rules themselves are proved by test/conformance/operators on what Flink computed. */
import { expect, test } from 'vitest';
import { keyGroupOf, keyGroupRange, subtaskOf } from './key-groups.ts';

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
