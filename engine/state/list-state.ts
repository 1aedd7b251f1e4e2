import { codecFor } from '../data/codec.ts';
import type { FrameReader } from '../data/frame-reader.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import type { Migration, StateDeclaration } from './declaration.ts';
import type { EntryFields } from './entry-view.ts';
import { type EntryIndex, entryIndex, type IndexedTable } from './entry-index.ts';
import type { KeyScope } from './key-scope.ts';
import { migratingReader } from './migration.ts';
import { refuseNothing } from './refused-value.ts';
import { ownKey } from './own-key.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';
import { ExpirySweep, readWrittenAt, type TimeToLive, timeToLive } from './time-to-live.ts';

/** A list per key, in the order of `push`. With a time to live every element expires by itself. */
export interface ListState<T> extends Iterable<T> {
  /** Null and undefined are refused, here and in `set`. */
  push(value: T): void;
  /** Replaces all elements; none clears. */
  set(values: Iterable<T>): void;
  clear(): void;
  /** As many as iterating gives; asking for it is not reading. */
  readonly length: number;
}

interface ListEntry extends StateEntry {
  /** Replaced and never changed in place, except that `push` adds behind its end. */
  values: unknown[];
  /** When each value was written; empty without a time to live. */
  times: number[];
}

/** The table behind a list cell. A snapshot writes the list of a key as a whole. */
export class ListTable extends StateTable<ListEntry> implements ListState<unknown>, IndexedTable<ListEntry> {
  readonly name: string;
  readonly layout: StateLayout;
  readonly #codec: ValueCodec;
  readonly #migrations: readonly Migration[] | undefined;
  readonly #ttl: TimeToLive | undefined;
  readonly #scope: KeyScope;
  readonly #entries: EntryIndex<ListEntry>;
  readonly forgets: ((entry: ListEntry) => boolean) | undefined;
  readonly #sweep = new ExpirySweep(
    () => this.#entries.inMemory?.() ?? this.allEntries(),
    (entry) => this.#remove(entry),
  );

  constructor(declaration: StateDeclaration, scope: KeyScope) {
    super();
    this.name = declaration.name;
    this.#codec = codecFor(declaration.schema);
    this.#migrations = declaration.migrations;
    this.#ttl = timeToLive(declaration, scope.clock);
    this.#scope = scope;
    this.layout = { kind: 'list', value: layoutType(declaration.schema), timed: this.#ttl !== undefined };
    const ttl = this.#ttl;
    this.forgets = ttl === undefined ? undefined : ({ times }) => ttl.forgotten(times.at(-1) ?? 0);
    this.#entries = entryIndex(scope, this);
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  get length(): number {
    const entry = this.#entries.get(this.#scope.key);
    const ttl = this.#ttl;
    if (entry === undefined || ttl === undefined || ttl.showsExpired) {
      return entry?.values.length ?? 0;
    }
    return entry.times.filter((time) => !ttl.expired(time)).length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#read()[Symbol.iterator]();
  }

  push(value: unknown): void {
    refuseNothing(value, `list "${this.name}"`);
    const ttl = this.#ttl;
    if (ttl !== undefined) {
      // Before the entry is looked up, since the sweep may remove it.
      this.#sweepExpired(ttl);
    }
    const entry = this.#entries.get(this.#scope.key);
    if (entry === undefined) {
      return this.#insert(this.#scope.key, [unpinned(value)], ttl === undefined ? [] : [ttl.now()]);
    }
    this.touch(entry);
    entry.values.push(unpinned(value));
    if (ttl !== undefined) {
      entry.times.push(ttl.now());
      dropOldHalf(entry, ttl);
    }
  }

  set(values: Iterable<unknown>): void {
    const held = this.#entries.get(this.#scope.key)?.values ?? [];
    const own = Array.from(values, (value, index) => {
      refuseNothing(value, `list "${this.name}"`);
      return isNear(value, held, index) ? value : unpinned(value);
    });
    const ttl = this.#ttl;
    if (ttl !== undefined) {
      this.#sweepExpired(ttl);
    }
    const times = ttl === undefined ? [] : stamped(own, ttl.now());
    const entry = this.#entries.get(this.#scope.key);
    if (own.length === 0) {
      return this.clear();
    }
    if (entry === undefined) {
      return this.#insert(this.#scope.key, own, times);
    }
    this.touch(entry);
    entry.values = own;
    entry.times = times;
  }

  clear(): void {
    const entry = this.#entries.get(this.#scope.key);
    if (entry !== undefined) {
      this.#remove(entry);
    }
  }

  heldEntries(entry: ListEntry): readonly ListEntry[] {
    return [entry];
  }

  release(): void {
    // Entries are looked up whenever they are needed.
  }

  revive(from: FrameReader, key: Key): ListEntry {
    const times: number[] = [];
    const values = Array.from({ length: from.u32() }, () => {
      if (this.#ttl !== undefined) {
        times.push(from.f64());
      }
      return unpinned(this.#codec.read(from));
    });
    return { version: 0, key: ownKey(key), values, times };
  }

  protected allEntries(): Iterator<ListEntry> {
    return this.#entries.values();
  }

  protected override *entriesOf(key: Key): Generator<ListEntry> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      yield entry;
    }
  }

  protected override view({ values, times }: ListEntry): EntryFields | undefined {
    const ttl = this.#ttl;
    if (ttl === undefined || ttl.showsExpired) {
      return { values };
    }
    const live = values.filter((_, index) => !ttl.expired(times[index] ?? 0));
    return live.length === 0 ? undefined : { values: live };
  }

  write(out: FrameWriter, { values, times }: ListEntry): void {
    out.u32(values.length);
    for (const [index, value] of values.entries()) {
      if (this.#ttl !== undefined) {
        out.f64(times[index] ?? 0);
      }
      this.#codec.write(out, value);
    }
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null, this.#migrations);
    return {
      put: (from, key, keep) => {
        const times: number[] = [];
        const values = Array.from({ length: from.u32() }, () => {
          const writtenAt = readWrittenAt(from, written, this.#scope.clock);
          if (this.#ttl !== undefined) {
            times.push(writtenAt);
          }
          return unpinned(readValue(from));
        });
        if (keep) {
          this.#insert(key, values, times);
        }
      },
      remove: (_from, key, keep) => {
        if (keep) {
          this.#entries.delete(key);
        }
      },
    };
  }

  #insert(key: Key, values: unknown[], times: number[]): void {
    const own = this.#entries.ownKey?.(key) ?? ownKey(key);
    const entry: ListEntry = { version: this.version + 1, key: own, values, times };
    this.#entries.set(own, entry);
    this.born(entry);
  }

  /** What a reader sees of the current key's list; with a time to live, reading may change it. */
  #read(): readonly unknown[] {
    const entry = this.#entries.get(this.#scope.key);
    if (entry === undefined || this.#ttl === undefined) {
      return entry?.values ?? [];
    }
    return this.#readTimed(entry, this.#ttl);
  }

  /**
   * Drops the list when all of it has expired. Otherwise elements that have expired are removed as soon as nobody may
   * see them: at once, or, where they may be seen, only when reading begins the time of the others anew.
   * Source: Flink's `TtlListState`.
   */
  #readTimed(entry: ListEntry, ttl: TimeToLive): readonly unknown[] {
    const { values, times } = entry;
    const live = values.filter((_, index) => !ttl.expired(times[index] ?? 0));
    const seen = ttl.showsExpired ? values : live;
    if (live.length === 0) {
      this.#remove(entry);
      return seen;
    }
    if (ttl.renewedByRead) {
      this.touch(entry);
      entry.values = live;
      entry.times = stamped(live, ttl.now());
    } else if (live.length < values.length && !ttl.showsExpired) {
      this.touch(entry);
      dropExpired(entry, ttl);
    }
    return seen;
  }

  /** A list goes with the last of its elements, which is the one written last. */
  #sweepExpired(ttl: TimeToLive): void {
    this.#sweep.next(({ times }) => ttl.forgotten(times.at(-1) ?? 0));
  }

  #remove(entry: ListEntry): void {
    this.removed(entry);
    this.#entries.delete(entry.key);
  }
}

/**
 * Whether the list holds this very object already, so that it needs no copy: at its place, or one beside it, as where
 * one was put in or taken out.
 */
function isNear(value: unknown, held: readonly unknown[], index: number): boolean {
  if (typeof value !== 'object') {
    return false; // an equal text may be cut from another
  }
  return held[index] === value || (index > 0 && held[index - 1] === value) || held[index + 1] === value;
}

/** The times of values that are all written now. */
function stamped(values: readonly unknown[], now: number): number[] {
  return values.map(() => now);
}

/** Keeps a list that nobody reads from growing for ever. Looking at its middle costs nothing, and dropping pays for half. */
function dropOldHalf(entry: ListEntry, ttl: TimeToLive): void {
  if (ttl.forgotten(entry.times[entry.times.length >>> 1] ?? 0)) {
    dropExpired(entry, ttl);
  }
}

function dropExpired(entry: ListEntry, ttl: TimeToLive): void {
  const { values, times } = entry;
  entry.values = values.filter((_, index) => !ttl.forgotten(times[index] ?? 0));
  entry.times = times.filter((time) => !ttl.forgotten(time));
}
