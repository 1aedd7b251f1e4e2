import { expect, test } from 'vitest';
import { EntryCache } from './entry-cache.ts';

test('an entry that is used again outlives those that are not', () => {
  const cache = new EntryCache<string>();
  for (let index = 0; index < 10; index++) cache.set(index, `entry ${index}`);
  expect(cache.evict()).toBe('entry 0');
  expect(cache.get(2)).toBe('entry 2');
  const left = Array.from({ length: 9 }, () => cache.evict());
  expect(left.at(-1)).toBe('entry 2');
  expect(new Set(left).size).toBe(9);
  expect([cache.evict(), cache.size]).toEqual([undefined, 0]);
});

test('an entry that was replaced is there once', () => {
  const cache = new EntryCache<string>();
  cache.set('a', 'old');
  cache.set('b', 'b');
  expect(cache.evict()).toBe('old');
  cache.set('b', 'new');
  expect([cache.size, cache.get('b'), [...cache.values()]]).toEqual([1, 'new', ['new']]);
  expect([cache.delete('b'), cache.delete('b'), cache.size]).toEqual([true, false, 0]);
});
