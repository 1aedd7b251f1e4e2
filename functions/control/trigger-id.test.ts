import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ulid } from '#contract/id.ts';
import { flinkId, ulidOf } from './trigger-id.ts';

test('an id comes back from its form in Flink', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 48 - 1 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (time, random) => {
        const id = ulid(time, random);
        expect(flinkId(id)).toMatch(/^[0-9a-f]{32}$/);
        expect(ulidOf(flinkId(id))).toBe(id);
      },
    ),
  );
});

test.each(['', 'abc', 'G'.repeat(32), '0'.repeat(33)])('the text "%s" is no id of Flink', (text) => {
  expect(ulidOf(text)).toBeUndefined();
});
