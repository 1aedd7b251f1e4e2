import { expect, test } from 'vitest';
import { stateBytesOf } from './savepoint-size.ts';

test('the size of a savepoint counts every chunk once, wherever it lies', () => {
  const chunk = { key: 'd/chunks/1/a', bytes: 70, state: 'total' };
  const operators = [{ chunks: [chunk, { ...chunk, key: 'd/chunks/2/b', bytes: 5 }] }, { chunks: [chunk] }];
  expect(stateBytesOf(JSON.stringify({ version: 2, operators }))).toBe(75);
});

test.each(['', '{', '{"id":2}', '{"operators":[{"chunks":[{"key":1}]}]}'])(
  'the size is unknown where the manifest is %j',
  (text) => {
    expect(stateBytesOf(text)).toBeUndefined();
  },
);
