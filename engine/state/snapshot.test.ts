import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyGroupRange } from '../data/key-groups.ts';
import { t } from '../data/built-in-types.ts';
import type { StateOwner } from './state-owner.ts';
import type { StateDeclaration } from './declaration.ts';
import type { KeyScope } from './key-scope.ts';
import { ListTable } from './list-state.ts';
import { MapTable } from './map-state.ts';
import { openState, restoreState, TableSnapshot } from './operator-state.ts';
import type { SnapshotPart } from './snapshot.ts';
import { TimerQueue } from './timer-queue.ts';
import { ValueTable } from './value-state.ts';

const clock = { now: () => 0 };

/** One operator's state of every kind, and all that it holds as plain data. */
class Store {
  readonly scope: KeyScope = { key: '', clock };
  readonly total = new ValueTable(declare('total', 'value'), this.scope);
  readonly seen = new MapTable({ ...declare('seen', 'map'), keySchema: t.string }, this.scope);
  readonly last = new ListTable(declare('last', 'list'), this.scope);
  readonly timers = new TimerQueue('timers');
  readonly tables = [this.total, this.seen, this.last, this.timers];

  owned(owner: StateOwner) {
    return openState(owner, this.tables);
  }

  /** What every key holds; timers are taken out of a copy, since only firing shows them. */
  content(keys: readonly string[]): Record<string, unknown> {
    const content: Record<string, unknown> = {};
    for (const key of keys) {
      this.scope.key = key;
      content[key] = {
        total: this.total.get(),
        seen: Object.fromEntries(this.seen.entries()),
        last: [...this.last],
      };
    }
    return content;
  }
}

function declare(name: string, kind: StateDeclaration['kind']): StateDeclaration {
  return { name, kind, schema: t.int };
}

function owner(subtask = 0, parallelism = 1): StateOwner {
  return {
    operatorId: 'op',
    operatorName: 'op',
    subtask,
    parallelism,
    maxParallelism: 128,
    keyGroups: keyGroupRange(subtask, 128, parallelism),
  };
}

type Change = readonly [kind: number, key: string, field: string, value: number];

const keys = ['a', 'b', 'c', 'd', 'a key with many characters'];
const change = fc.tuple(
  fc.nat({ max: 9 }),
  fc.constantFrom(...keys),
  fc.constantFrom('x', 'y', 'z'),
  fc.nat({ max: 99 }),
);

function apply(store: Store, [kind, key, field, value]: Change): void {
  store.scope.key = key;
  const { total, seen, last, timers } = store;
  const changes: (() => void)[] = [
    () => total.set(value),
    () => total.clear(),
    () => seen.set(field, value),
    () => seen.delete(field),
    () => seen.clear(),
    () => last.push(value),
    () => last.set([value, value + 1]),
    () => last.clear(),
    () => timers.set(key, field, value),
    () => timers.cancel(key, field),
  ];
  changes[kind]?.();
}

function restored(parts: readonly SnapshotPart[], subtask = 0, parallelism = 1): Store {
  const store = new Store();
  restoreState({ parts: () => parts }, owner(subtask, parallelism), store.tables);
  return store;
}

function timersOf(store: Store): string[] {
  const fired: string[] = [];
  store.timers.advance(1000, (timer) => fired.push(`${timer.time} ${String(timer.key)} ${timer.name}`));
  return fired.sort();
}

describe('a snapshot', () => {
  test('holds the state at its begin, whatever changes between its steps', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 60 }),
        fc.array(change, { maxLength: 60 }),
        (before, during) => {
          const [store, twin] = [new Store(), new Store()];
          for (const each of before) {
            apply(store, each);
            apply(twin, each);
          }
          const snapshot = new TableSnapshot(store.owned(owner()), clock);
          const parts: SnapshotPart[] = [];
          const slow = store.tables.map((table) => table);
          for (const [index, each] of during.entries()) {
            apply(store, each);
            // One entry at a time, so that most changes meet entries that are still owed.
            slow[index % slow.length]?.emitSome(1);
            parts.push(...snapshot.take());
          }
          while (!snapshot.step(0)) {
            // Until all is written.
          }
          parts.push(...snapshot.take());
          const copy = restored(parts);
          expect(copy.content(keys)).toEqual(twin.content(keys));
          expect(timersOf(copy)).toEqual(timersOf(twin));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that follows one given up holds everything', () => {
    const store = new Store();
    keys.forEach((key, index) => apply(store, [0, key, 'x', index]));
    const first = new TableSnapshot(store.owned(owner()), clock);
    store.total.emitSome(2);
    first.take();
    const second = new TableSnapshot(store.owned(owner()), clock);
    while (!second.step(0)) {
      // Until all is written.
    }
    expect(restored(second.take()).content(keys)).toEqual(store.content(keys));
  });

  test('restores at any parallelism: every key is in exactly one subtask', () => {
    const store = new Store();
    const many = Array.from({ length: 500 }, (_, index) => `key-${index}`);
    many.forEach((key, index) => apply(store, [0, key, 'x', index]));
    const parts = wholeSnapshot(store, owner());
    for (const parallelism of [1, 2, 3, 128]) {
      const stores = Array.from({ length: parallelism }, (_, subtask) =>
        restored(parts, subtask, parallelism),
      );
      expect(stores.reduce((sum, each) => sum + each.total.entryCount, 0)).toBe(500);
      const again = stores.flatMap((each, subtask) => wholeSnapshot(each, owner(subtask, parallelism)));
      expect(restored(again).content(many)).toEqual(store.content(many));
    }
  });

  test('is refused when it is of no format that this version reads', () => {
    const store = new Store();
    apply(store, [0, 'a', 'x', 1]);
    const [part] = wholeSnapshot(store, owner());
    const bytes = part?.bytes.slice() ?? new Uint8Array();
    bytes[3] = (bytes[3] ?? 0) + 1;
    expect(() => restored([{ ...(part as SnapshotPart), bytes }])).toThrow(
      'Cannot restore state "total" of operator "op": the checksum of the chunk does not match',
    );
  });
});

describe('state that was written by an older program', () => {
  const scope: KeyScope = { key: 'a', clock };
  const valueOf = (schema: StateDeclaration['schema']): ValueTable =>
    new ValueTable({ name: 'v', kind: 'value', schema }, scope);

  function migrate(
    from: StateDeclaration['schema'],
    to: StateDeclaration['schema'],
    value: unknown,
  ): unknown {
    const [before, after] = [valueOf(from), valueOf(to)];
    before.set(value);
    const snapshot = new TableSnapshot(openState(owner(), [before]), clock);
    snapshot.step(0);
    restoreState({ parts: () => snapshot.take() }, owner(), [after]);
    return after.get();
  }

  test('gains nullable fields, loses dropped ones and widens numbers', () => {
    const before = t.row({ id: t.string, n: t.int, old: t.string });
    const after = t.row({ n: t.double, id: t.nullable(t.string), note: t.nullable(t.string) });
    expect(migrate(before, after, { id: 'x', n: 1, old: 'y' })).toEqual({ n: 1, id: 'x', note: null });
    expect(migrate(t.int, t.bigint, 5)).toBe(5n);
    expect(migrate(t.enum('a'), t.enum('a', 'b'), 'a')).toBe('a');
  });

  test('is refused when its values cannot become what is declared', () => {
    expect(() => migrate(t.string, t.int, 'x')).toThrow(
      'Cannot restore state "v" of operator "op": it was written as STRING, the program declares INT; give the state a new name, a type that the old values fit, or a migration',
    );
    expect(() => migrate(t.row({ a: t.int }), t.row({ a: t.int, b: t.int }), { a: 1 })).toThrow(
      'field "b" is new and the old state has no value for it',
    );
  });
});

function wholeSnapshot(store: Store, of: StateOwner): SnapshotPart[] {
  const snapshot = new TableSnapshot(store.owned(of), clock);
  while (!snapshot.step(0)) {
    // Until all is written.
  }
  return snapshot.take();
}

describe('the size of state', () => {
  test('is about what a snapshot of it takes, from the first one or a restore on', () => {
    const store = new Store();
    const many = Array.from({ length: 1000 }, (_, index) => `key-${index}`);
    many.forEach((key, index) => apply(store, [0, key, 'x', index]));
    expect(store.total.stateBytes).toBe(0);
    const parts = wholeSnapshot(store, owner());
    const bytes = parts.reduce((sum, part) => sum + part.bytes.byteLength, 0);
    expect(store.total.stateBytes).toBe(bytes);
    expect(restored(parts).total.stateBytes).toBe(bytes);
    many.slice(500).forEach((key) => apply(store, [1, key, 'x', 0]));
    expect(store.total.stateBytes).toBe(Math.round(bytes / 2));
  });
});
