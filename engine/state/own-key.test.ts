import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownKey } from './own-key.ts';

test('the copy of a key is that key', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(fc.nat({ max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
    fc.integer({ min: 1000, max: 1100 }).map((length) => 'x'.repeat(length)),
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
