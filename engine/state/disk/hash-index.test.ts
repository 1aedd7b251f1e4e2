import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashIndex } from './hash-index.ts';

test('records are found by their hash after any insertions and removals', () => {
  // Few hashes, so that many records share a home or all of their hash.
  const name = fc.record({ high: fc.nat(2), low: fc.nat(40).map((low) => low % 24) });
  const step = fc.record({ insert: fc.integer({ min: 0, max: 2 }).map((chance) => chance > 0), name });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const index = new HashIndex();
      const model = new Map<string, number[]>();
      for (const [
        chunk,
        {
          insert,
          name: { high, low },
        },
      ] of steps.entries()) {
        const held = model.get(`${high} ${low}`) ?? [];
        model.set(`${high} ${low}`, held);
        if (insert) {
          index.insert(high, low, { chunk, offset: chunk, length: 1 });
          held.push(chunk);
        } else if (held.length > 0) {
          const cell = index.shard(high)?.first(high, low) ?? -1;
          held.splice(held.indexOf(index.shard(high)?.chunk(cell) ?? -1), 1);
          index.remove(high, cell);
        }
        expect(chunksOf(index, high, low)).toEqual(held.toSorted((left, right) => left - right));
      }
      expect(index.size).toBe([...model.values()].flat().length);
    }),
  );
});

function chunksOf(index: HashIndex, high: number, low: number): number[] {
  const found: number[] = [];
  const shard = index.shard(high);
  if (shard === undefined) return found;
  for (let cell = shard.first(high, low); cell >= 0; cell = shard.next(cell, high, low)) {
    found.push(shard.chunk(cell));
  }
  return found.sort((left, right) => left - right);
}
