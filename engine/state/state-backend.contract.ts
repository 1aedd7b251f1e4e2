import * as fc from 'fast-check';
import { expect } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { keyGroupOf, subtaskOf } from '../data/key-groups.ts';
import { WaitingEvents } from '../operators/cep/waiting-events.ts';
import { ReducingTable } from './accumulating-state.ts';
import { BroadcastTable } from './broadcast-state.ts';
import type { StateDeclaration } from './declaration.ts';
import type { StateBackend } from './entry-index.ts';
import { JoinBuffer } from './join-buffer.ts';
import { KeyRows } from './key-rows.ts';
import type { KeyScope } from './key-scope.ts';
import { ListTable } from './list-state.ts';
import { MapTable } from './map-state.ts';
import { OperatorListTable } from './operator-list.ts';
import { openState, type OwnedTable, TableSnapshot } from './operator-state.ts';
import type { SnapshotExtent, SnapshotPart } from './snapshot.ts';
import { stateOwner, type StateOwner } from './state-owner.ts';
import { TableRestore } from './table-restore.ts';
import { TimerQueue } from './timer-queue.ts';
import { ValueTable } from './value-state.ts';

/** Where the entries of a subtask are kept: one is made for each subtask that opens. */
export interface BackendUnderTest {
  /** Tables of an operator share rows. */
  readonly rows: boolean;
  readonly backend?: StateBackend;
}

const MAX_PARALLELISM = 16;
const KEYS = Array.from({ length: 12 }, (_, index) => `key-${index}`);

/** State of every kind of one subtask. */
class Subtask {
  readonly scope: KeyScope;
  readonly value: ValueTable;
  readonly timed: ValueTable;
  readonly map: MapTable;
  readonly list: ListTable;
  readonly sum: ReducingTable;
  readonly timers: TimerQueue;
  readonly broadcast: BroadcastTable;
  readonly elements: OperatorListTable;
  readonly join: JoinBuffer;
  readonly waiting: WaitingEvents;
  horizon = 0;
  readonly tables;
  readonly owner: StateOwner;
  readonly owned: readonly OwnedTable[];

  constructor(clock: KeyScope['clock'], under: BackendUnderTest, { subtask, parallelism }: Place) {
    const { rows, backend } = under;
    const scope: KeyScope = {
      key: '',
      clock,
      ...(rows ? { rows: new KeyRows() } : {}),
      ...(backend === undefined ? {} : { backend }),
    };
    this.scope = scope;
    this.value = new ValueTable(declare('value', 'value'), scope);
    this.timed = new ValueTable({ ...declare('timed', 'value'), ttlMs: 40 }, scope);
    this.map = new MapTable({ ...declare('map', 'map'), keySchema: t.int }, scope);
    this.list = new ListTable(declare('list', 'list'), scope);
    this.sum = new ReducingTable(
      { ...declare('sum', 'reducing'), reduce: (left: number, right: number) => left + right },
      scope,
    );
    this.timers = new TimerQueue('timers', scope.rows);
    this.broadcast = new BroadcastTable({ ...declare('broadcast', 'broadcast'), keySchema: t.int }, clock);
    this.elements = new OperatorListTable(declare('elements', 'operator-list'));
    this.join = new JoinBuffer(declare('join', 'join-buffer'), 1000);
    this.waiting = new WaitingEvents(t.int);
    this.tables = [
      this.value,
      this.timed,
      this.map,
      this.list,
      this.sum,
      this.timers,
      this.broadcast,
      this.elements,
      this.join,
      this.waiting,
    ];
    this.owner = stateOwner(
      { id: 'op', name: 'op' },
      { parallelism, maxParallelism: MAX_PARALLELISM },
      subtask,
    );
    this.owned = openState(this.owner, this.tables, backend);
  }

  /** All of it as plain data; of the join what is alive. */
  content(): Readonly<Record<string, readonly string[]>> {
    const looked = this.tables
      .filter((table) => table !== this.join)
      .map((table) => [table.name, [...table.look()].map((entry) => JSON.stringify(entry))] as const);
    const alive = KEYS.map((key) => {
      const records = this.join.of(key);
      const from = records === undefined ? 0 : this.join.start(records, Number.NEGATIVE_INFINITY);
      return JSON.stringify([key, records?.times.slice(from) ?? [], records?.values.slice(from) ?? []]);
    });
    return Object.fromEntries([...looked, ['join', alive]]);
  }
}

interface Place {
  readonly subtask: number;
  readonly parallelism: number;
}

function declare(name: string, kind: StateDeclaration['kind']): StateDeclaration {
  return { name, kind, schema: t.int };
}

type Change = readonly [what: number, key: string, field: number];

/** What one can do to the state of a key, or of a subtask. */
const CHANGES: readonly ((subtask: Subtask, field: number, key: string) => void)[] = [
  ({ value }, field) => value.set(field),
  ({ value }) => value.clear(),
  ({ timed }, field) => timed.set(field),
  ({ map }, field) => map.set(field % 4, field),
  ({ map }, field) => map.delete(field % 4),
  ({ map }) => map.clear(),
  ({ list }, field) => list.push(field),
  ({ list }) => list.clear(),
  ({ sum }, field) => sum.add(field),
  ({ timers }, field, key) => timers.set(key, 'a', field),
  ({ timers }, field, key) => timers.replace(key, 'b', field),
  ({ timers }, field, key) => timers.cancel(key, 'a', field),
  ({ timers }, field) => timers.advance(field - 8, () => undefined),
  ({ broadcast }, field) => broadcast.set(field % 4, field),
  ({ broadcast }, field) => broadcast.delete(field % 4),
  ({ elements }, field) => elements.push(field),
  ({ elements }) => elements.clear(),
  ({ join }, field, key) => join.add(key, field * 100, field),
  (subtask, field) => {
    subtask.horizon = Math.max(subtask.horizon, field * 80);
    subtask.join.advance(subtask.horizon);
  },
  ({ waiting }, field, key) => waiting.add(key, field, field % 5),
  ({ waiting }, field) => waiting.take((field % 5) - 2, () => undefined),
];
/** These are done alike in every subtask. */
const EVERYWHERE: ReadonlySet<number> = new Set([12, 13, 14, 18, 20]);

/** Subtasks of one operator, and the chains of their tables as a coordinator would keep them. */
class Operator {
  now = 0;
  readonly #under: () => BackendUnderTest;
  subtasks: readonly Subtask[];
  #chains = new Map<string, SnapshotPart[]>();
  /** Of the last snapshot that was handed over. */
  #contents: readonly Readonly<Record<string, readonly string[]>>[] = [];
  /** What it consists of, and how many wrote it. */
  #point: ReadonlyMap<string, SnapshotPart[]> = new Map();
  #writers = 1;
  #snapshotAt = 0;
  continuedCount = 0;
  wholeCount = 0;
  droppedCount = 0;

  constructor(under: () => BackendUnderTest) {
    this.#under = under;
    this.subtasks = this.#open(1);
  }

  change([what, key, field]: Change): void {
    const owner = subtaskOf(keyGroupOf(key, MAX_PARALLELISM), MAX_PARALLELISM, this.subtasks.length);
    for (const [index, subtask] of this.subtasks.entries()) {
      if (index === owner || EVERYWHERE.has(what)) {
        subtask.scope.key = key;
        CHANGES[what]?.(subtask, field, key);
      }
      subtask.scope.backend?.maintain();
    }
    this.now++;
  }

  /** One snapshot of every subtask, with changes in between; given up, or handed over. */
  snapshot(during: readonly Change[], handedOver: boolean, extent: SnapshotExtent = 'due'): void {
    const contents = this.subtasks.map((subtask) => subtask.content());
    const beganAt = this.now;
    const snapshots = this.subtasks.map(({ owned }) => new TableSnapshot(owned, { now: () => 0 }, extent));
    const parts: SnapshotPart[][] = this.subtasks.map(() => []);
    for (const [index, change] of during.entries()) {
      this.change(change);
      for (const { tables } of this.subtasks) {
        tables[index % tables.length]?.emitSome(1);
      }
      snapshots.forEach((snapshot, subtask) => parts[subtask]?.push(...snapshot.take()));
    }
    if (!handedOver) {
      snapshots.forEach((snapshot) => snapshot.abandon());
      return;
    }
    for (const [subtask, snapshot] of snapshots.entries()) {
      while (!snapshot.step(0));
      parts[subtask]?.push(...snapshot.take());
      this.#store(subtask, snapshot, parts[subtask] ?? []);
    }
    this.#contents = contents;
    this.#snapshotAt = beganAt;
    this.#point = new Map(this.#chains);
    this.#writers = this.subtasks.length;
  }

  /** Of every chain of keyed state, so many parts at most are read ahead of all others. */
  restore(parallelism: number, ahead: number): void {
    const [first, rest] = this.#partsOf(ahead);
    // What had not expired then is seen again.
    this.now = this.#snapshotAt;
    const continues = (): boolean => parallelism === this.#writers;
    this.#chains = new Map(continues() ? this.#point : []);
    this.subtasks = this.#open(parallelism);
    for (const { owner, tables } of this.subtasks) {
      const restore = new TableRestore(owner, tables);
      for (const part of first) {
        restore.read([part]);
      }
      restore.finish({ parts: () => rest, continues });
    }
    expect(merged(this.subtasks.map((subtask) => subtask.content()))).toEqual(merged(this.#contents));
  }

  #partsOf(ahead: number): readonly [first: readonly SnapshotPart[], rest: readonly SnapshotPart[]] {
    const chains = [...this.#point.values()];
    const isAhead = (part: SnapshotPart, place: number): boolean =>
      place < ahead && part.distribution === 'key-groups';
    return [
      chains.flatMap((chain) => chain.filter(isAhead)),
      chains.flatMap((chain) => chain.filter((part, place) => !isAhead(part, place))),
    ];
  }

  #open(parallelism: number): readonly Subtask[] {
    return Array.from(
      { length: parallelism },
      (_, subtask) => new Subtask({ now: () => this.now }, this.#under(), { subtask, parallelism }),
    );
  }

  #store(subtask: number, { continued }: TableSnapshot, parts: readonly SnapshotPart[]): void {
    for (const { name } of this.subtasks[subtask]?.tables ?? []) {
      const own = parts.filter(({ state }) => state === name);
      const continues = continued.find(({ state }) => state === name);
      const place = `${subtask} ${name}`;
      const dropped = new Set(continues?.dropped);
      const chain = (this.#chains.get(place) ?? []).filter((_, index) => !dropped.has(index));
      this.#chains.set(place, continues === undefined ? own : [...chain, ...own]);
      this.droppedCount += dropped.size;
      if (continues !== undefined) {
        this.continuedCount++;
      } else {
        this.wholeCount++;
      }
    }
  }
}

/** Entries of all subtasks by table; a broadcast map is the same in all, so it counts once. */
function merged(
  contents: readonly Readonly<Record<string, readonly string[]>>[],
): Readonly<Record<string, readonly string[]>> {
  const names = Object.keys(contents[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const lines = contents.flatMap((content) => content[name] ?? []);
      const alive = name === 'join' ? lines.filter((line) => !line.endsWith('[],[]]')) : lines;
      return [name, name === 'broadcast' ? [...new Set(alive)].sort() : alive.toSorted()];
    }),
  );
}

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.nat({ max: CHANGES.length - 1 }),
  fc.constantFrom(...KEYS),
  fc.nat({ max: 30 }),
);
const changes = fc.array(change, { maxLength: 40 });
const round = fc.record({
  before: changes,
  during: fc.array(change, { maxLength: 12 }),
  /** Some snapshots are given up on their way. */
  handedOver: fc.integer({ min: 0, max: 4 }).map((chance) => chance > 0),
  /** After some the job starts anew. */
  restoreAt: fc.constantFrom(undefined, undefined, undefined, 0, 1, 3, 2),
  ahead: fc.constantFrom(0, 1, 2, Infinity),
  extent: fc.constantFrom<SnapshotExtent>('due', 'due', 'brief'),
});

/** How snapshots were, of all runs together. */
export interface SnapshotCounts {
  continued: number;
  whole: number;
  /** Parts that a later snapshot took out of its chain. */
  dropped: number;
}

/**
 * Tables of every kind, changed at random, snapshot by snapshot: each restores to the state at its begin, whatever was
 * changed, removed or given up in between.
 */
export function runSnapshotChains(under: () => BackendUnderTest, numRuns: number): SnapshotCounts {
  const counts = { continued: 0, whole: 0, dropped: 0 };
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 10 }), (rounds) => {
      const operator = new Operator(under);
      operator.snapshot([], true);
      for (const { before, during, handedOver, restoreAt, ahead, extent } of rounds) {
        before.forEach((each) => operator.change(each));
        operator.snapshot(during, handedOver, extent);
        if (restoreAt !== undefined) {
          operator.restore(restoreAt === 0 ? operator.subtasks.length : restoreAt, ahead);
        }
      }
      operator.restore(operator.subtasks.length, 0);
      counts.continued += operator.continuedCount;
      counts.whole += operator.wholeCount;
      counts.dropped += operator.droppedCount;
    }),
    { numRuns },
  );
  return counts;
}
