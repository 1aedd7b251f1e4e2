import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { MapTable } from '../map-state.ts';
import { openState, TableSnapshot } from '../operator-state.ts';
import type { StateOwner } from '../state-owner.ts';
import { ValueTable } from '../value-state.ts';
import { DiskBackend } from './disk-backend.ts';
import type { DiskFile } from './disk-files.ts';
import { StateDiskError } from './state-disk-error.ts';
import { TinyDisks } from './tiny-disks.fixture.ts';

const OWNER: StateOwner = {
  operatorId: 'op',
  operatorName: 'op',
  subtask: 0,
  parallelism: 1,
  maxParallelism: 128,
  keyGroups: { start: 0, end: 127 },
};

let disks = new TinyDisks();
beforeEach(() => {
  disks = new TinyDisks();
});
afterEach(() => disks.close());

class Cell {
  readonly backend: DiskBackend;
  readonly scope;
  readonly table: ValueTable;
  readonly owned;
  now = 0;

  constructor(backend = disks.open(), ttlMs?: number) {
    this.backend = backend;
    this.scope = { key: '', clock: { now: () => this.now }, backend };
    const ttl = ttlMs === undefined ? {} : { ttlMs };
    this.table = new ValueTable({ name: 'cell', kind: 'value', schema: t.string, ...ttl }, this.scope);
    this.owned = openState(OWNER, [this.table], backend);
  }

  set(key: string, value: string): void {
    this.scope.key = key;
    this.table.set(value);
    this.backend.maintain();
  }

  get(key: string): unknown {
    this.scope.key = key;
    return this.table.get();
  }
}

describe('entries on the disk', { timeout: 30_000 }, () => {
  test('leave memory when it is full, and come back as they were', () => {
    const cell = new Cell();
    for (let index = 0; index < 500; index++) cell.set(`key ${index}`, `value ${index}`);
    expect(cell.table.entryCount).toBe(500);
    expect(Array.from({ length: 500 }, (_, index) => cell.get(`key ${index}`))).toEqual(
      Array.from({ length: 500 }, (_, index) => `value ${index}`),
    );
    expect([...cell.table.keys()].length).toBe(500);
  });

  test('of keys that never come again go when their time to live is over', () => {
    const cell = new Cell(disks.open(), 1000);
    for (let index = 0; index < 300; index++) cell.set(`old ${index}`, 'x');
    cell.now = 100_000_000;
    for (let round = 0; round < 40; round++) {
      for (let index = 0; index < 20; index++) cell.set(`new ${index}`, String(round));
    }
    expect(cell.table.entryCount).toBeLessThan(40);
    expect(cell.get('new 7')).toBe('39');
  });

  test('of a map come back in the order of insertion', () => {
    const backend = disks.open(0);
    const scope = { key: 'a', clock: { now: () => 0 }, backend };
    const table = new MapTable({ name: 'map', kind: 'map', keySchema: t.int, schema: t.int }, scope);
    openState(OWNER, [table], backend);
    for (const mapKey of [5, 3, 9, 1]) {
      table.set(mapKey, mapKey);
      backend.maintain();
    }
    table.set(5, 50);
    table.delete(3);
    backend.maintain();
    table.set(3, 30);
    while (backend.maintain());
    expect([...table.entries()]).toEqual([
      [5, 50],
      [9, 9],
      [1, 1],
      [3, 30],
    ]);
    expect(table.entryCount).toBe(4);
  });

  test('of maps that never come again go, and are counted no more', () => {
    const backend = disks.open(0);
    let now = 0;
    const scope = { key: '', clock: { now: () => now }, backend };
    const declaration = { name: 'map', kind: 'map', keySchema: t.int, schema: t.int, ttlMs: 1000 } as const;
    const table = new MapTable(declaration, scope);
    openState(OWNER, [table], backend);
    const set = (key: string, mapKey: number): void => {
      scope.key = key;
      table.set(mapKey, mapKey);
      backend.maintain();
    };
    for (let index = 0; index < 100; index++) set(`old ${index % 10}`, index);
    now = 100_000_000;
    for (let index = 0; index < 400; index++) set('new', index % 5);
    expect(table.entryCount).toBeLessThan(30);
    expect([...table.keys()]).toContain('new');
    expect([...table.look()].length).toBe(5);
  });

  test('are repeated by the next snapshot when one was given up', () => {
    const cell = new Cell();
    for (let index = 0; index < 50; index++) cell.set(`key ${index}`, 'x');
    const givenUp = new TableSnapshot(cell.owned, { now: () => 0 });
    givenUp.abandon();
    const next = new TableSnapshot(cell.owned, { now: () => 0 });
    while (!next.step(0));
    expect(next.continued).toEqual([]);
    expect(next.take().reduce((sum, { entries }) => sum + entries, 0)).toBeGreaterThanOrEqual(50);
  });

  test('say which directory is full', () => {
    const full: DiskFile = {
      name: 'full',
      write: () => {
        throw new StateDiskError(
          'Cannot write state: directory "/state" did not take 400 bytes more (ENOSPC)',
        );
      },
      read: () => undefined,
      remove: () => undefined,
    };
    const files = { create: () => full, remove: () => undefined };
    const cell = new Cell(new DiskBackend({ files, cacheBytes: 0, chunkBytes: 400 }));
    expect(() => {
      for (let index = 0; index < 50; index++) cell.set(`key ${index}`, 'x');
    }).toThrow('directory "/state" did not take 400 bytes more (ENOSPC)');
  });
});
