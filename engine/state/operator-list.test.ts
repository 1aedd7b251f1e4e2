import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { keyGroupRange } from '../data/key-groups.ts';
import type { StateOwner } from './state-owner.ts';
import type { StateDeclaration } from './declaration.ts';
import { OperatorListTable } from './operator-list.ts';
import { openState, restoreState, TableSnapshot } from './operator-state.ts';
import type { SnapshotPart } from './snapshot.ts';

const clock = { now: () => 0 };

function owner(subtask: number, parallelism: number): StateOwner {
  return {
    operatorId: 'op',
    operatorName: 'op',
    subtask,
    parallelism,
    maxParallelism: 128,
    keyGroups: keyGroupRange(subtask, 128, parallelism),
  };
}

function listOf(restore: 'split' | 'union', elements: Iterable<number> = []): OperatorListTable {
  const declaration: StateDeclaration = { name: 'own', kind: 'operator-list', schema: t.int, restore };
  const table = new OperatorListTable(declaration);
  table.set(elements);
  return table;
}

function snapshotOf(tables: readonly OperatorListTable[]): readonly SnapshotPart[] {
  return tables.flatMap((table, subtask) => {
    const snapshot = new TableSnapshot(openState(owner(subtask, tables.length), [table]), clock);
    while (!snapshot.step(0)) {
      // Until all is written.
    }
    return snapshot.take();
  });
}

/** The same state on another number of subtasks. */
function rescaled(tables: readonly OperatorListTable[], parallelism: number): OperatorListTable[] {
  const parts = snapshotOf(tables);
  return Array.from({ length: parallelism }, (_, subtask) => {
    const table = listOf(tables[0]?.distribution === 'union' ? 'union' : 'split');
    restoreState({ parts: () => parts }, owner(subtask, parallelism), [table]);
    return table;
  });
}

const contents = (tables: readonly OperatorListTable[]): unknown[][] => tables.map((table) => [...table]);

describe('an operator list', () => {
  test('that is split loses and doubles nothing at any parallelism', () => {
    const one = [listOf('split', [1, 2, 3, 4, 5, 6, 7])];
    const three = rescaled(one, 3);
    expect(contents(three)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6, 7],
    ]);
    three[0]?.push(8);
    const two = rescaled(three, 2);
    expect(contents(two)).toEqual([
      [1, 2, 8, 3],
      [4, 5, 6, 7],
    ]);
    expect(contents(rescaled(two, 2))).toEqual(contents(two));
  });

  test('that is split keeps every element through any way of rescaling', () => {
    const lists = fc.array(fc.array(fc.nat()), { minLength: 1, maxLength: 5 });
    const way = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, way, (elements, parallelisms) => {
        let tables = elements.map((each) => listOf('split', each));
        for (const parallelism of parallelisms) {
          tables = rescaled(tables, parallelism);
        }
        expect(contents(tables).flat()).toEqual(elements.flat());
      }),
    );
  });

  test('that is united comes whole to every subtask', () => {
    const united = rescaled([listOf('union', [1, 2]), listOf('union', [3])], 3);
    expect(contents(united)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test('refuses what stands for no value', () => {
    const list = listOf('split', [1]);
    expect(() => list.push(null)).toThrow(
      'Cannot add null to list "own": there it would stand for no value; leave it out, or keep it in a field of a row',
    );
    expect(() => list.set([2, undefined])).toThrow('Cannot add undefined to list "own"');
    expect([...list]).toEqual([1]);
  });
});
