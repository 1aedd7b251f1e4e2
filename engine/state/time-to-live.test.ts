import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { keyGroupRange } from '../data/key-groups.ts';
import { AggregatingTable, ReducingTable } from './accumulating-state.ts';
import type { StateOwner } from './state-owner.ts';
import type { StateDeclaration } from './declaration.ts';
import type { KeyScope } from './key-scope.ts';
import { ListTable } from './list-state.ts';
import { MapTable } from './map-state.ts';
import { openState, restoreState, TableSnapshot } from './operator-state.ts';
import type { SnapshotTable } from './state-table.ts';
import { ValueTable } from './value-state.ts';

const TTL_MS = 1000;
const DAY_MS = 86_400_000;

type Kind = 'value' | 'map' | 'list' | 'reducing' | 'aggregating';
const KINDS: readonly Kind[] = ['value', 'map', 'list', 'reducing', 'aggregating'];

/** One cell of every kind behind the same two words: write a number, read all that is there. */
class Cell {
  now = 0;
  readonly scope: KeyScope = { key: 'a', clock: { now: () => this.now } };
  readonly table: SnapshotTable;
  readonly write: (value: number) => void;
  /** Undefined where nothing is seen. */
  readonly read: () => unknown;

  constructor(kind: Kind, options: Partial<StateDeclaration> = { ttlMs: TTL_MS }) {
    const declaration: StateDeclaration = { name: 'cell', kind, schema: t.int, ...options };
    const { scope } = this;
    const value = new ValueTable(declaration, scope);
    const map = new MapTable({ ...declaration, keySchema: t.string }, scope);
    const list = new ListTable(declaration, scope);
    const reducing = new ReducingTable(
      { ...declaration, reduce: (left: number, right: number) => left + right },
      scope,
    );
    const aggregating = new AggregatingTable(
      {
        ...declaration,
        aggregate: {
          init: () => 0,
          add: (sum: number, added: number) => sum + added,
          result: (sum: number) => sum,
        },
      },
      scope,
    );
    this.table = { value, map, list, reducing, aggregating }[kind];
    this.write = {
      value: (n: number) => value.set(n),
      map: (n: number) => map.set('x', n),
      list: (n: number) => list.push(n),
      reducing: (n: number) => reducing.add(n),
      aggregating: (n: number) => aggregating.add(n),
    }[kind];
    this.read = {
      value: () => value.get(),
      map: () => map.get('x'),
      list: () => ([...list].length === 0 ? undefined : [...list].at(-1)),
      reducing: () => reducing.get(),
      aggregating: () => aggregating.get(),
    }[kind];
  }
}

const owner: StateOwner = {
  operatorId: 'op',
  operatorName: 'op',
  subtask: 0,
  parallelism: 1,
  maxParallelism: 128,
  keyGroups: keyGroupRange(0, 128, 1),
};

function restore(from: Cell, into: Cell): void {
  const snapshot = new TableSnapshot(openState(owner, [from.table]), from.scope.clock);
  while (!snapshot.step(0)) {
    // Until all is written.
  }
  restoreState({ parts: () => snapshot.take() }, owner, [into.table]);
}

describe.each(KINDS)('a %s with a time to live', (kind) => {
  // Entries of maps are left a minute longer, since of a map is asked whether it is empty.
  const heldMs = kind === 'map' ? 60_000 : 0;

  test('is gone as soon as it has passed since the last write', () => {
    const cell = new Cell(kind);
    cell.write(1);
    cell.now = 999;
    expect(cell.read()).toBe(1);
    cell.now = 1000;
    expect(cell.read()).toBeUndefined();
    expect(cell.table.entryCount).toBe(0);
  });

  test('lives on when it is read, where reading renews', () => {
    const cell = new Cell(kind, { ttlMs: TTL_MS, ttlUpdate: 'on-read-and-write' });
    cell.write(1);
    cell.now = 900;
    expect(cell.read()).toBe(1);
    cell.now = 1899;
    expect(cell.read()).toBe(1);
    cell.now = 2899;
    expect(cell.read()).toBeUndefined();
  });

  test('is removed in the background when nobody reads it', () => {
    const cell = new Cell(kind);
    for (let index = 0; index < 1000; index++) {
      cell.scope.key = `once-${index}`;
      cell.write(1);
    }
    expect(cell.table.entryCount).toBe(1000);
    cell.now = 1000 + heldMs;
    for (let index = 0; index < 600; index++) {
      cell.scope.key = `again-${index % 10}`;
      cell.write(1);
    }
    expect(cell.table.entryCount).toBe(10);
  });

  test('keeps a write to what expires at that very moment', () => {
    const cell = new Cell(kind);
    cell.write(1);
    cell.now = 1000;
    // The sweep of this write looks at the only entry there is.
    cell.write(2);
    expect(cell.read()).toBe(2);
  });

  test('is left by the background for its one reader, for a day', () => {
    const cell = new Cell(kind, { ttlMs: TTL_MS, ttlVisibility: 'until-cleaned-up' });
    const busy = (): void => {
      for (let index = 0; index < 10; index++) {
        cell.scope.key = `other-${index}`;
        cell.write(1);
      }
      cell.scope.key = 'a';
    };
    cell.write(1);
    cell.now = DAY_MS;
    busy();
    expect(cell.table.entryCount).toBe(11);
    cell.now = DAY_MS + TTL_MS + heldMs;
    busy();
    expect(cell.table.entryCount).toBe(10);
    expect(cell.read()).toBeUndefined();
  });

  test('keeps its time when it is restored, and begins now where it had none', () => {
    const [timed, plain] = [new Cell(kind), new Cell(kind, {})];
    timed.write(1);
    plain.write(1);
    for (const [from, expiresAt] of [
      [timed, 1000],
      [plain, 1500],
    ] as const) {
      const cell = new Cell(kind);
      cell.now = 500;
      restore(from, cell);
      cell.now = expiresAt - 1;
      expect(cell.read()).toBe(1);
      cell.now = expiresAt;
      expect(cell.read()).toBeUndefined();
    }
    const kept = new Cell(kind, {});
    restore(timed, kept);
    kept.now = 1_000_000;
    expect(kept.read()).toBe(1);
  });
});

describe.each(['value', 'map', 'reducing', 'aggregating'] as const)(
  'an expired %s that may be seen',
  (kind) => {
    test('is seen once', () => {
      const cell = new Cell(kind, { ttlMs: TTL_MS, ttlVisibility: 'until-cleaned-up' });
      cell.write(1);
      cell.now = 5000;
      expect(cell.read()).toBe(1);
      expect(cell.read()).toBeUndefined();
    });
  },
);

test.each(['reducing', 'aggregating'] as const)(
  'a %s takes an expired value into a new one only if it may be seen',
  (kind) => {
    const [hidden, seen] = [
      new Cell(kind),
      new Cell(kind, { ttlMs: TTL_MS, ttlVisibility: 'until-cleaned-up' }),
    ];
    for (const cell of [hidden, seen]) {
      cell.write(1);
      cell.now = 5000;
      cell.write(2);
    }
    expect(hidden.read()).toBe(2);
    expect(seen.read()).toBe(3);
  },
);

describe('a list with a time to live', () => {
  function listWith(options: Partial<StateDeclaration>): {
    readonly list: ListTable;
    readonly at: (ms: number) => ListTable;
  } {
    let now = 0;
    const scope: KeyScope = { key: 'a', clock: { now: () => now } };
    const list = new ListTable(
      { name: 'cell', kind: 'list', schema: t.int, ttlMs: TTL_MS, ...options },
      scope,
    );
    const at = (ms: number): ListTable => {
      now = ms;
      return list;
    };
    return { list, at };
  }

  test('loses its elements one by one', () => {
    const { at } = listWith({});
    at(0).push(1);
    at(600).push(2);
    expect(at(999).length).toBe(2);
    expect(at(1000).length).toBe(1);
    expect([...at(1000)]).toEqual([2]);
    expect([...at(1600)]).toEqual([]);
  });

  test('shows expired elements as long as one lives, and all of them once after that', () => {
    const { at } = listWith({ ttlVisibility: 'until-cleaned-up' });
    at(0).push(1);
    at(600).push(2);
    expect([...at(1000)]).toEqual([1, 2]);
    expect([...at(1000)]).toEqual([1, 2]);
    expect(at(1600).length).toBe(2);
    expect([...at(1600)]).toEqual([1, 2]);
    expect([...at(1600)]).toEqual([]);
  });

  test('shows expired elements once where reading renews the others', () => {
    const { at } = listWith({ ttlVisibility: 'until-cleaned-up', ttlUpdate: 'on-read-and-write' });
    at(0).push(1);
    at(600).push(2);
    expect([...at(1000)]).toEqual([1, 2]);
    expect([...at(1999)]).toEqual([2]);
  });

  test('does not grow for ever when it is only pushed to', () => {
    const { list, at } = listWith({});
    for (let now = 0; now < 20_000; now += 10) {
      at(now).push(now);
    }
    const snapshot = new TableSnapshot(openState(owner, [list]), { now: () => 20_000 });
    while (!snapshot.step(Infinity)) {
      // Until all is written.
    }
    // 100 elements live, of 16 bytes each; twice as many are held at most.
    expect(snapshot.take()[0]?.bytes.byteLength).toBeLessThan(200 * 16 + 200);
  });
});

test('a map is empty only when nothing is held, whatever has expired', () => {
  let now = 0;
  const scope: KeyScope = { key: 'a', clock: { now: () => now } };
  const map = new MapTable(
    { name: 'cell', kind: 'map', schema: t.int, keySchema: t.string, ttlMs: TTL_MS },
    scope,
  );
  map.set('x', 1);
  now = 1000;
  expect([map.size, map.isEmpty]).toEqual([0, false]);
  expect(map.has('x')).toBe(false);
  expect(map.isEmpty).toBe(true);
});

test('a map holds what has expired, whatever is written for other keys', () => {
  const cell = new Cell('map');
  cell.write(1);
  cell.now = 1000;
  for (let index = 0; index < 10; index++) {
    cell.scope.key = `other-${index}`;
    cell.write(1);
  }
  expect(cell.table.entryCount).toBe(11);
});
