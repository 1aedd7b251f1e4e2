import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { keyGroupRange } from '../data/key-groups.ts';
import type { Schema } from '../data/schema.ts';
import { AggregatingTable, ReducingTable } from './accumulating-state.ts';
import type { StateOwner } from './state-owner.ts';
import type { StateDeclaration } from './declaration.ts';
import type { KeyScope } from './key-scope.ts';
import { ListTable } from './list-state.ts';
import { MapTable } from './map-state.ts';
import { OperatorListTable } from './operator-list.ts';
import { openState, restoreState, TableSnapshot } from './operator-state.ts';
import type { SnapshotPart } from './snapshot.ts';
import type { SnapshotTable } from './state-table.ts';
import { TimerQueue } from './timer-queue.ts';
import { ValueTable } from './value-state.ts';

const TTL_MS = 10;
const KEYS = ['a', 'b', 'c', 'a key with many characters'];
const FIELDS = ['x', 'y', 'z'];

/** One thing that a program does to a cell; `kind` chooses among the changes of its table. */
interface Step {
  readonly kind: number;
  readonly key: string;
  readonly field: string;
  readonly value: number;
  readonly waitMs: number;
}

/** A table under test: what changes it, and what it shows of the current key. */
interface Subject<T extends SnapshotTable> {
  make(scope: KeyScope): T;
  readonly changes: readonly ((table: T, step: Step) => unknown)[];
  content(table: T): unknown;
}

function declare(kind: StateDeclaration['kind'], schema: Schema = t.int): StateDeclaration {
  return { name: 'cell', kind, schema };
}

/** Reading begins the time of values anew, so that reads are changes. */
const renewed = { ttlMs: TTL_MS, ttlUpdate: 'on-read-and-write' } as const;
const acc = t.row({ n: t.int, sum: t.int });

const value = (options: Partial<StateDeclaration>): Subject<ValueTable> => ({
  make: (scope) => new ValueTable({ ...declare('value'), ...options }, scope),
  changes: [(table, step) => table.set(step.value), (table) => table.clear(), (table) => table.get()],
  content: (table) => table.get(),
});

const map = (options: Partial<StateDeclaration>): Subject<MapTable> => ({
  make: (scope) => new MapTable({ ...declare('map'), keySchema: t.string, ...options }, scope),
  changes: [
    (table, step) => table.set(step.field, step.value),
    (table, step) => table.delete(step.field),
    (table, step) => table.get(step.field),
    (table) => [...table.entries()],
    (table) => table.clear(),
  ],
  content: (table) => Object.fromEntries(table.entries()),
});

const list = (options: Partial<StateDeclaration>): Subject<ListTable> => ({
  make: (scope) => new ListTable({ ...declare('list'), ...options }, scope),
  changes: [
    (table, step) => table.push(step.value),
    (table, step) => table.set([step.value, step.value + 1]),
    (table) => [...table],
    (table) => table.clear(),
  ],
  content: (table) => [...table],
});

const reducing: Subject<ReducingTable> = {
  make: (scope) =>
    new ReducingTable({ ...declare('reducing'), reduce: (a: number, b: number) => a + b }, scope),
  changes: [(table, step) => table.add(step.value), (table) => table.clear()],
  content: (table) => table.get(),
};

const aggregating: Subject<AggregatingTable> = {
  make: (scope) =>
    new AggregatingTable(
      {
        ...declare('aggregating', acc),
        aggregate: {
          init: () => ({ n: 0, sum: 0 }),
          // Changes the accumulator in place, which a snapshot on its way must not see.
          add: (held: { n: number; sum: number }, added: number) => {
            held.n++;
            held.sum += added;
            return held;
          },
          result: (held: { n: number; sum: number }) => `${held.n} ${held.sum}`,
        },
      },
      scope,
    ),
  changes: [(table, step) => table.add(step.value), (table) => table.clear()],
  content: (table) => table.get(),
};

const operatorList: Subject<OperatorListTable> = {
  make: () => new OperatorListTable(declare('operator-list')),
  changes: [
    (table, step) => table.push(step.value),
    (table, step) => table.push(step.value + 1),
    (table, step) => table.set([step.value, step.value]),
    (table) => table.clear(),
  ],
  content: (table) => [...table],
};

const timers: Subject<TimerQueue> = {
  make: () => new TimerQueue('cell'),
  changes: [
    (table, step) => table.set(step.key, step.field, step.value * 100),
    (table, step) => table.replace(step.key, step.field, step.value * 100),
    (table, step) => table.cancel(step.key, step.field),
    (table, step) => table.advance(step.value * 10, () => undefined),
  ],
  content: (table) => {
    const fired: string[] = [];
    table.advance(Infinity, ({ key, name, time }) => fired.push(`${time} ${String(key)} ${name}`));
    return fired.sort();
  },
};

/** Every subject is used with tables of its own making. */
function any<T extends SnapshotTable>(subject: Subject<T>): Subject<SnapshotTable> {
  return subject as unknown as Subject<SnapshotTable>;
}

const subjects: Readonly<Record<string, Subject<SnapshotTable>>> = {
  value: any(value({})),
  map: any(map({})),
  list: any(list({})),
  'value that reading renews': any(value(renewed)),
  'map that reading renews': any(map(renewed)),
  'list that reading renews': any(list(renewed)),
  reducing: any(reducing),
  aggregating: any(aggregating),
  'operator list': any(operatorList),
  timers: any(timers),
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat({ max: 9 }),
  key: fc.constantFrom(...KEYS),
  field: fc.constantFrom(...FIELDS),
  value: fc.nat({ max: 50 }),
  waitMs: fc.constantFrom(0, 0, 0, 1, 4),
});
const steps = fc.array(step, { maxLength: 40 });

/** A table at work, with its own clock. */
class Run<T extends SnapshotTable> {
  readonly subject: Subject<T>;
  readonly table: T;
  readonly #scope: { key: string; clock: { now(): number } };
  now = 0;

  constructor(subject: Subject<T>, now = 0) {
    this.subject = subject;
    this.now = now;
    this.#scope = { key: '', clock: { now: () => this.now } };
    this.table = subject.make(this.#scope);
  }

  do(each: Step): void {
    this.now += each.waitMs;
    this.#scope.key = each.key;
    const { changes } = this.subject;
    changes[each.kind % changes.length]?.(this.table, each);
  }

  begin(): TableSnapshot {
    return new TableSnapshot(openState(owner, [this.table]), this.#scope.clock);
  }

  content(): unknown {
    return KEYS.map((key) => {
      this.#scope.key = key;
      return this.subject.content(this.table);
    });
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

function finished(snapshot: TableSnapshot): readonly SnapshotPart[] {
  while (!snapshot.step(0)) {
    // Until all is written.
  }
  return snapshot.take();
}

/** What is seen of a snapshot by one who restores it at several times, so that times of writing show as well. */
function seen(subject: Subject<SnapshotTable>, parts: readonly SnapshotPart[], now: number): unknown {
  return [0, 1, 3, 5, 8, TTL_MS].map((later) => {
    const run = new Run(subject, now + later);
    restoreState({ parts: () => parts }, owner, [run.table]);
    return run.content();
  });
}

describe.each(Object.entries(subjects))('a snapshot of %s', (_, subject) => {
  test('holds the state at its begin, whatever changes between its steps', () => {
    fc.assert(
      fc.property(steps, steps, (before, during) => {
        const [run, twin] = [new Run(subject), new Run(subject)];
        for (const each of before) {
          run.do(each);
          twin.do(each);
        }
        const now = run.now;
        const snapshot = run.begin();
        for (const each of during) {
          run.do(each);
          // One entry at a time, so that most changes meet entries that are still owed.
          run.table.emitSome(1);
        }
        expect(seen(subject, finished(snapshot), now)).toEqual(seen(subject, finished(twin.begin()), now));
      }),
      { numRuns: 150 },
    );
  });
});

test('state of one kind is refused where another is declared', () => {
  const before = new Run(any(list({})));
  before.do({ kind: 0, key: 'a', field: 'x', value: 1, waitMs: 0 });
  const parts = finished(before.begin());
  const after = new Run(any(map({})));
  expect(() => restoreState({ parts: () => parts }, owner, [after.table])).toThrow(
    'Cannot restore state "cell" of operator "op": it was written as state of kind "list", the program declares "map"; give the state a new name',
  );
});
