import { t } from '#engine/data/built-in-types.ts';
import type { StateBackend } from '#engine/state/entry-index.ts';
import { openState, type OwnedTable, restoreState, TableSnapshot } from '#engine/state/operator-state.ts';
import type { SnapshotPart } from '#engine/state/snapshot.ts';
import type { StateOwner } from '#engine/state/state-owner.ts';
import { ValueTable } from '#engine/state/value-state.ts';

const BATCH = 256;
const URL = 'https://www.nexmark.com/item.htm?id=';

interface Item {
  readonly id: number;
  readonly changes: number;
  readonly price: number;
  readonly time: number;
  readonly url: string;
}

/** What one operation took, on the clock and of processors, those of the collector among them. */
export interface Cost {
  readonly us: number;
  readonly cpuUs: number;
}

const ItemType = t.row({ id: t.double, changes: t.int, price: t.double, time: t.double, url: t.string });

const OWNER: StateOwner = {
  operatorId: 'items',
  operatorName: 'items',
  subtask: 0,
  parallelism: 1,
  maxParallelism: 128,
  keyGroups: { start: 0, end: 127 },
};

/** A value cell of many keys that is changed in batches, with what every value must be. */
export class StateUnderLoad {
  readonly #keys: number;
  readonly #scope: { key: string; readonly clock: { now(): number }; readonly backend?: StateBackend };
  readonly #table: ValueTable;
  readonly #owned: readonly OwnedTable[];
  /** How often each key was changed. */
  readonly #changes: Int32Array;
  #random = 0x9e3779b9;

  constructor(keys: number, backend?: StateBackend) {
    this.#keys = keys;
    const clock = { now: () => performance.now() };
    this.#scope = { key: '', clock, ...(backend === undefined ? {} : { backend }) };
    this.#table = new ValueTable({ name: 'items', kind: 'value', schema: ItemType }, this.#scope);
    this.#owned = openState(OWNER, [this.#table], backend);
    this.#changes = new Int32Array(keys);
  }

  insertAll(): Cost {
    const watch = stopwatch(this.#keys);
    for (let id = 0; id < this.#keys; id++) {
      this.#scope.key = keyOf(id);
      this.#table.set(itemOf(id, 0));
      if (id % BATCH === 0) this.#betweenBatches();
    }
    return watch();
  }

  /** So many changes of keys at random, out of the first `share` of them. */
  change(count: number, share: number): Cost & { readonly batchMs: readonly number[] } {
    const batchMs: number[] = [];
    const among = Math.ceil(this.#keys * share);
    const watch = stopwatch(count);
    for (let left = count; left > 0; left -= BATCH) {
      const batchAt = performance.now();
      for (let index = 0; index < BATCH; index++) this.#changeOne(this.#next() % among);
      this.#betweenBatches();
      batchMs.push(performance.now() - batchAt);
    }
    return { ...watch(), batchMs };
  }

  /** Reads so many values at random, and counts those that are not what was written; `like`: what it was restored from. */
  verify(count: number, like: StateUnderLoad = this): { readonly wrong: number } {
    let wrong = 0;
    for (let index = 0; index < count; index++) {
      const id = this.#next() % this.#keys;
      this.#scope.key = keyOf(id);
      const found = this.#table.get() as Item | undefined; // nothing else was put in
      if (found?.id !== id || found.changes !== like.#changes[id] || found.url !== `${URL}${id}`) wrong++;
      if (index % BATCH === 0) this.#betweenBatches();
    }
    return { wrong };
  }

  snapshot(): { readonly parts: readonly SnapshotPart[]; readonly seconds: number } {
    const startedAt = performance.now();
    const parts: SnapshotPart[] = [];
    const snapshot = new TableSnapshot(this.#owned, { now: () => 0 });
    while (!snapshot.step(0)) parts.push(...snapshot.take());
    parts.push(...snapshot.take());
    return { parts, seconds: (performance.now() - startedAt) / 1000 };
  }

  restore(parts: readonly SnapshotPart[]): void {
    restoreState({ parts: () => parts, continues: () => true }, OWNER, [this.#table]);
  }

  #changeOne(id: number): void {
    this.#scope.key = keyOf(id);
    const item = this.#table.get() as Item; // all keys were inserted
    this.#table.set({ ...item, changes: item.changes + 1 });
    this.#changes[id] = (this.#changes[id] ?? 0) + 1;
  }

  #betweenBatches(): void {
    this.#scope.backend?.maintain();
  }

  #next(): number {
    let seed = this.#random;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.#random = seed;
    return seed >>> 0;
  }
}

function keyOf(id: number): string {
  return `auction-${String(id).padStart(8, '0')}`;
}

function itemOf(id: number, changes: number): Item {
  return { id, changes, price: id * 1.5, time: 1_700_000_000_000 + id, url: `${URL}${id}` };
}

/** Measures so many operations from here on. */
function stopwatch(operations: number): () => Cost {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { us: ((performance.now() - startedAt) * 1000) / operations, cpuUs: (user + system) / operations };
  };
}
