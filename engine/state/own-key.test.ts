import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownKey } from './own-key.ts';

test('the copy of a key is that key', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ minLength: 1000, maxLength: 1100, size: 'max' }),
    fc.constantFrom(
      'ä'.repeat(20),
      '\u{1F600}'.repeat(10),
      `${'a'.repeat(20)}\ud800`,
      'é and then some more text',
    ),
  );
  fc.assert(fc.property(texts, (text) => ownKey(text) === text));
  expect([ownKey(1), ownKey(true), ownKey(7n)]).toEqual([1, true, 7n]);
});
