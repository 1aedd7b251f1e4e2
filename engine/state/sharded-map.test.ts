import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Key } from '../data/key-groups.ts';
import { canonicalTuple } from '../data/key-tuples.ts';
import { keyHash } from './key-hash.ts';
import { ShardedMap } from './sharded-map.ts';

const SMALL = { single: 6, shard: 2 };

type Step = readonly ['set' | 'delete' | 'next', number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom('set', 'set', 'set', 'delete', 'next'), fc.nat({ max: 60 })),
  { maxLength: 300 },
);

describe('a sharded map', () => {
  test('holds what a map holds, however it grows', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const [sharded, plain] = [new ShardedMap<number>(SMALL), new Map<Key, number>()];
        for (const [index, [kind, key]] of all.entries()) {
          if (kind === 'set') {
            sharded.set(key, index);
            plain.set(key, index);
          } else {
            expect(sharded.delete(key)).toBe(plain.delete(key));
          }
          expect(sharded.size).toBe(plain.size);
          expect(sharded.get(key)).toBe(plain.get(key));
        }
        for (let key = 0; key <= 60; key++) {
          expect(sharded.get(key)).toBe(plain.get(key));
        }
        expect(new Set(Iterator.from(sharded.values()))).toEqual(new Set(plain.values()));
      }),
    );
  });

  test('gives every value that stays to whoever goes through it, also while it grows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), steps, (count, all) => {
        const map = new ShardedMap<number>(SMALL);
        for (let key = 0; key < count; key++) {
          map.set(key, key);
        }
        const stays = new Set(Array.from({ length: count }, (_, key) => key));
        const values = map.values();
        const seen = new Set<number>();
        for (const [kind, key] of all) {
          if (kind === 'next') {
            seen.add(values.next().value ?? -1);
          } else if (kind === 'delete') {
            map.delete(key);
            stays.delete(key);
          } else {
            map.set(key, key);
          }
        }
        for (const value of Iterator.from(values)) {
          seen.add(value);
        }
        expect([...stays].filter((key) => !seen.has(key))).toEqual([]);
      }),
    );
  });

  test('takes keys of every kind', () => {
    const map = new ShardedMap<number>(SMALL);
    const keys: Key[] = ['a', `${'x'.repeat(40)}b`, 1, -1, 0.5, 2 ** 40, 7n, -(2n ** 70n), true, false];
    keys.push(...Array.from({ length: 20 }, (_, index) => canonicalTuple(['a', index, 1n])));
    keys.forEach((key, index) => map.set(key, index));
    expect(keys.map((key) => map.get(key))).toEqual(keys.map((_, index) => index));
  });
});

describe('the hash of keys', () => {
  test.each<readonly [string, (index: number) => Key]>([
    ['integers', (index) => index],
    ['multiples', (index) => index * 4096],
    ['large integers', (index) => 2 ** 40 + index * 1024],
    ['fractions', (index) => index / 1000],
    ['numbered texts', (index) => `user-${String(index).padStart(8, '0')}`],
    ['long texts', (index) => `${'https://example.com/some/long/path/'.repeat(2)}${index}/page.html`],
    ['bigints', (index) => BigInt(index) << 22n],
    ['pairs', (index) => [`shop-${index % 7}`, index]],
  ])('spreads %s over shards', (_, keyOf) => {
    const shards = Array.from({ length: 64 }, () => 0);
    for (let index = 0; index < 6400; index++) {
      const shard = keyHash(keyOf(index)) & 63;
      shards[shard] = (shards[shard] ?? 0) + 1;
    }
    expect(Math.max(...shards)).toBeLessThan(200);
  });
});
