import { expect, test } from 'vitest';
import { Decimal } from '../../data/decimal.ts';
import { attributes } from './attribute-value.ts';

test('what records hold has a form in DynamoDB', () => {
  const record = {
    id: 'a',
    n: 1.5,
    big: 2n ** 60n,
    price: Decimal.of('12.50'),
    paid: true,
    note: null,
    absent: undefined,
    bytes: Uint8Array.of(1),
    tags: ['x', Decimal.of('-0.1')],
    by: new Map([['k', { deep: 1 }]]),
  };
  expect(attributes(record)).toEqual({
    id: { S: 'a' },
    n: { N: '1.5' },
    big: { N: '1152921504606846976' },
    price: { N: '12.50' },
    paid: { BOOL: true },
    note: { NULL: true },
    bytes: { B: Uint8Array.of(1) },
    tags: { L: [{ S: 'x' }, { N: '-0.1' }] },
    by: { M: { k: { M: { deep: { N: '1' } } } } },
  });
});

test.each([
  [{ a: { n: Number.NaN } }, 'Cannot write attribute "a.n": NaN is no number in DynamoDB'],
  [{ a: [() => 1] }, 'Cannot write attribute "a[0]": a function has no form in DynamoDB'],
  [{ at: new Date(0) }, 'Cannot write attribute "at": an instance of Date has no form in DynamoDB'],
  [{ d: Decimal.ofUnscaled(10n ** 39n + 1n, 2) }, 'has 40 digits, DynamoDB takes 38'],
])('what has none is refused with its path: %o', (record, message) => {
  expect(() => attributes(record)).toThrow(message);
});
