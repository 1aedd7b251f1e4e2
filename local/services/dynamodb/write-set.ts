/** Writes that are not yet in LevelDB: an overlay that the engine's actions read through and write into. */
import type { BatchOperation, Callback, Store, SubDatabase } from 'dynalite/db/index.js';

/** A map from full LevelDB key to new value; undefined marks a deletion. A child reads through its parent. */
export class WriteSet {
  readonly #entries = new Map<string, unknown>();
  readonly #parent: WriteSet | undefined;

  constructor(parent?: WriteSet) {
    this.#parent = parent;
  }

  get size(): number {
    return this.#entries.size;
  }

  put(key: string, value: unknown): void {
    this.#entries.set(key, value);
  }

  delete(key: string): void {
    this.#entries.set(key, undefined);
  }

  /** Whether this set decides the key, and with which value. */
  find(key: string): { readonly value: unknown } | undefined {
    if (this.#entries.has(key)) return { value: this.#entries.get(key) };
    return this.#parent?.find(key);
  }

  /** Hands all writes to the parent, as a success of the work that made them. */
  mergeIntoParent(): void {
    for (const [key, value] of this.#entries) this.#parent?.put(key, value);
  }

  operations(): BatchOperation[] {
    return Array.from(this.#entries, ([key, value]) =>
      value === undefined ? { type: 'del', key } : { type: 'put', key, value },
    );
  }
}

/** A store whose tables, items and indexes are read through `writes` and written into it. */
export function overlay(store: Store, writes: WriteSet): Store {
  const through = <V>(prefix: string, base: SubDatabase<V>): SubDatabase<V> => overlaid(prefix, base, writes);
  const layered: Store = Object.create(store);
  layered.getItemDb = (table) => through(itemPrefix(table), store.getItemDb(table));
  layered.getIndexDb = (kind, table, index) =>
    through(indexPrefix(kind, table, index), store.getIndexDb(kind, table, index));
  layered.tableDb = Object.assign(through('table~', store.tableDb), {
    awsAccountId: store.tableDb.awsAccountId,
    awsRegion: store.tableDb.awsRegion,
  });
  return layered;
}

export function itemPrefix(table: string): string {
  return `item-${table}~`;
}

export function indexPrefix(kind: string, table: string, index: string): string {
  return `index-${kind.toLowerCase()}~${table}~${index}~`;
}

function overlaid<V>(prefix: string, base: SubDatabase<V>, writes: WriteSet): SubDatabase<V> {
  return {
    // Work on an overlay runs alone, so there is nothing to lock.
    lock: (_key, run) => run((done) => done),
    get(key, done) {
      const found = writes.find(prefix + key);
      if (found === undefined) base.get(key, done);
      // What was put under this prefix was put by this database, so it has its type.
      else answer(done, found.value as V | undefined);
    },
    put(key, value, done) {
      writes.put(prefix + key, value);
      answer(done);
    },
    del(key, done) {
      writes.delete(prefix + key);
      answer(done);
    },
  };
}

/** The actions assume that a callback never runs before its call returned. */
function answer<T>(done: Callback<T>, value?: T): void {
  queueMicrotask(() => (value === undefined ? done(null) : done(null, value)));
}
