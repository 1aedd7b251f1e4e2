import { expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import type { KeyScope } from './key-scope.ts';
import { ListTable } from './list-state.ts';
import { MapTable } from './map-state.ts';
import { ValueTable } from './value-state.ts';

const cell = { name: 'cell', schema: t.int, ttlMs: 1000 } as const;

test.each(['value', 'map', 'list'] as const)(
  'expired entries of a %s that nobody reads go as others are written',
  (kind) => {
    let now = 0;
    const scope: KeyScope = { key: '', clock: { now: () => now } };
    const value = new ValueTable({ ...cell, kind: 'value' }, scope);
    const map = new MapTable({ ...cell, kind: 'map', keySchema: t.string }, scope);
    const list = new ListTable({ ...cell, kind: 'list' }, scope);
    const table = { value, map, list }[kind];
    const write = { value: () => value.set(1), map: () => map.set('x', 1), list: () => list.push(1) }[kind];
    for (let index = 0; index < 1000; index++) {
      scope.key = `once-${index}`;
      write();
    }
    expect(table.entryCount).toBe(1000);
    now = 1000;
    for (let index = 0; index < 600; index++) {
      scope.key = `again-${index % 10}`;
      write();
    }
    expect(table.entryCount).toBe(10);
  },
);
