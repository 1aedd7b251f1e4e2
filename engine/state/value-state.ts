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
import { ownKey } from './own-key.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';
import { ExpirySweep, readWrittenAt, type TimeToLive, timeToLive } from './time-to-live.ts';

/** One value per key. Null is a value like any other, where the schema allows it; undefined is none. */
export interface ValueState<T> {
  /** The value of the current key; undefined when it was never set, cleared, or has expired. Treat it as frozen. */
  get(): T | undefined;
  /** Sets the value; undefined clears it. */
  set(value: T | undefined): void;
  clear(): void;
}

/** The value of one key. */
export interface ValueEntry extends StateEntry {
  value: unknown;
  /** Only with a time to live: state of numbers has hardly more bytes than this. */
  writtenAt?: number;
}

/** The table behind a value cell, and behind cells that make their value of what is added to them. */
export class ValueTable
  extends StateTable<ValueEntry>
  implements ValueState<unknown>, IndexedTable<ValueEntry>
{
  readonly name: string;
  readonly layout: StateLayout;
  readonly #codec: ValueCodec;
  readonly #migrations: readonly Migration[] | undefined;
  readonly #ttl: TimeToLive | undefined;
  readonly #scope: KeyScope;
  readonly #entries: EntryIndex<ValueEntry>;
  readonly forgets: ((entry: ValueEntry) => boolean) | undefined;
  readonly #sweep = new ExpirySweep(
    () => this.#entries.inMemory?.() ?? this.allEntries(),
    (entry) => this.#remove(entry),
  );
  /** The entry found last: most handlers read a key's value and then write it. */
  #recent: ValueEntry | undefined;

  constructor(declaration: StateDeclaration, scope: KeyScope) {
    super();
    this.name = declaration.name;
    this.#codec = codecFor(declaration.schema);
    this.#migrations = declaration.migrations;
    this.#ttl = timeToLive(declaration, scope.clock);
    this.#scope = scope;
    this.layout = {
      kind: declaration.kind,
      value: layoutType(declaration.schema),
      timed: this.#ttl !== undefined,
    };
    const ttl = this.#ttl;
    this.forgets = ttl === undefined ? undefined : (entry) => ttl.forgotten(entry.writtenAt ?? 0);
    this.#entries = entryIndex(scope, this);
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  get(): unknown {
    const entry = this.#entry();
    if (entry === undefined || this.#ttl === undefined) {
      return entry?.value;
    }
    return this.#read(entry, this.#ttl);
  }

  set(value: unknown): void {
    if (value === undefined) {
      return this.clear();
    }
    if (this.#ttl !== undefined) {
      // Before the entry is looked up, since the sweep may remove it.
      this.#sweepExpired(this.#ttl);
    }
    const entry = this.#entry();
    if (entry === undefined) {
      return this.#insert(this.#scope.key, value, this.#ttl?.now() ?? 0);
    }
    // Compared here as well, since `touch` sees entries of every kind of table and V8 cannot specialize it.
    if (entry.version < this.version) {
      this.touch(entry);
    }
    entry.value = unpinned(value);
    if (this.#ttl !== undefined) {
      entry.writtenAt = this.#ttl.now();
    }
  }

  clear(): void {
    const entry = this.#entry();
    if (entry !== undefined) {
      this.#remove(entry);
    }
  }

  /**
   * The value for whoever puts another in its place, and who may change it on the way: a write is neither a first look
   * at an expired value nor a read that renews.
   */
  held(): unknown {
    const entry = this.#entry();
    if (entry === undefined || this.#isHidden(entry)) {
      return undefined;
    }
    this.touch(entry);
    return entry.value;
  }

  heldEntries(entry: ValueEntry): readonly ValueEntry[] {
    return [entry];
  }

  release(): void {
    this.#recent = undefined;
  }

  revive(from: FrameReader, key: Key): ValueEntry {
    const writtenAt = this.#ttl === undefined ? 0 : from.f64();
    return this.#entryOf(0, ownKey(key), unpinned(this.#codec.read(from)), writtenAt);
  }

  protected allEntries(): Iterator<ValueEntry> {
    return this.#entries.values();
  }

  protected override *entriesOf(key: Key): Generator<ValueEntry> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      yield entry;
    }
  }

  protected override view(entry: ValueEntry): EntryFields | undefined {
    return this.#isHidden(entry) ? undefined : { value: entry.value };
  }

  write(out: FrameWriter, entry: ValueEntry): void {
    if (this.#ttl !== undefined) {
      out.f64(entry.writtenAt ?? 0);
    }
    this.#codec.write(out, entry.value);
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null, this.#migrations);
    return {
      put: (from, key, keep) => {
        const writtenAt = readWrittenAt(from, written, this.#scope.clock);
        const value = readValue(from);
        if (keep) {
          this.#enter(this.#entries.ownKey?.(key) ?? key, value, writtenAt);
        }
      },
      remove: (_from, key, keep) => {
        if (keep) {
          this.#entries.delete(key);
          this.#recent = undefined;
        }
      },
    };
  }

  #entry(): ValueEntry | undefined {
    const { key } = this.#scope;
    if (this.#recent?.key !== key) {
      this.#recent = this.#entries.get(key);
    }
    return this.#recent;
  }

  #insert(key: Key, value: unknown, writtenAt: number): void {
    this.#enter(this.#entries.ownKey?.(key) ?? ownKey(key), unpinned(value), writtenAt);
  }

  /** Neither key nor value keep anything else alive. */
  #enter(key: Key, value: unknown, writtenAt: number): void {
    const entry = this.#entryOf(this.version + 1, key, value, writtenAt);
    this.#entries.set(key, entry);
    this.#recent = entry;
    this.born(entry);
  }

  #entryOf(version: number, key: Key, value: unknown, writtenAt: number): ValueEntry {
    return this.#ttl === undefined ? { version, key, value } : { version, key, value, writtenAt };
  }

  #remove(entry: ValueEntry): void {
    this.removed(entry);
    this.#entries.delete(entry.key);
    this.#recent = undefined;
  }

  #read(entry: ValueEntry, ttl: TimeToLive): unknown {
    if (ttl.expired(entry.writtenAt ?? 0)) {
      this.#remove(entry);
      return ttl.showsExpired ? entry.value : undefined;
    }
    if (ttl.renewedByRead) {
      this.touch(entry);
      entry.writtenAt = ttl.now();
    }
    return entry.value;
  }

  #isHidden(entry: ValueEntry): boolean {
    return this.#ttl?.showsExpired === false && this.#ttl.expired(entry.writtenAt ?? 0);
  }

  #sweepExpired(ttl: TimeToLive): void {
    this.#sweep.next((entry) => ttl.forgotten(entry.writtenAt ?? 0));
  }
}
