import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyRows } from './key-rows.ts';

/** More than lie in a row itself. */
const COLUMNS = 5;
const step = fc.tuple(
  fc.constantFrom('set', 'set', 'delete'),
  fc.nat({ max: COLUMNS - 1 }),
  fc.constantFrom('a', 'b', 'c'),
);

test('columns of shared rows hold what maps of their own would, and rows without fields are gone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rows = new KeyRows();
      const columns = Array.from({ length: COLUMNS }, () => rows.column<number>());
      const maps = Array.from({ length: COLUMNS }, () => new Map<string, number>());
      for (const [count, [kind, index, key]] of steps.entries()) {
        if (kind === 'set') {
          columns[index]!.set(key, count);
          maps[index]!.set(key, count);
        } else {
          expect(columns[index]!.delete(key)).toBe(maps[index]!.delete(key));
        }
        for (const [other, map] of maps.entries()) {
          expect(columns[other]!.get(key)).toBe(map.get(key));
          expect(columns[other]!.size).toBe(map.size);
        }
      }
      for (const [index, map] of maps.entries()) {
        expect(new Set(Iterator.from(columns[index]!.values()))).toEqual(new Set(map.values()));
      }
      const held = new Set(maps.flatMap((map) => [...map.keys()]));
      expect(new Set(Array.from(rows.all(), ({ key }) => key))).toEqual(held);
    }),
    { numRuns: 300 },
  );
});
