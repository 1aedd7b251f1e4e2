import { codecFor } from '../data/codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import type { Migration, StateDeclaration } from './declaration.ts';
import type { EntryFields } from './entry-view.ts';
import { type EntryIndex, entryIndex, type IndexedTable } from './entry-index.ts';
import type { KeyScope } from './key-scope.ts';
import { migratingReader } from './migration.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';
import { ExpirySweep, readWrittenAt, type TimeToLive, timeToLive } from './time-to-live.ts';

/**
 * A map per key, in the order of insertion. Map keys are primitives. With a time to live every entry expires by itself.
 * Null is a value like any other, where the schema allows it; undefined is none.
 */
export interface MapState<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  /** Sets an entry; undefined deletes it. */
  set(key: K, value: V): void;
  delete(key: K): void;
  entries(): Iterable<[K, V]>;
  /** As many as `entries` gives. */
  readonly size: number;
  /** True when nothing is held: unlike `size`, without a look at what has expired and was not yet removed. */
  readonly isEmpty: boolean;
  clear(): void;
}

interface MapEntry extends StateEntry {
  readonly mapKey: unknown;
  value: unknown;
  writtenAt: number;
}

/** The table behind a map cell. Every entry of every map is versioned by itself, so that large maps snapshot well. */
export class MapTable
  extends StateTable<MapEntry>
  implements MapState<unknown, unknown>, IndexedTable<Map<unknown, MapEntry>>
{
  readonly name: string;
  readonly layout: StateLayout;
  readonly #keyCodec: ValueCodec;
  readonly #codec: ValueCodec;
  readonly #migrations: readonly Migration[] | undefined;
  readonly #ttl: TimeToLive | undefined;
  readonly #scope: KeyScope;
  readonly #maps: EntryIndex<Map<unknown, MapEntry>>;
  readonly #sweep = new ExpirySweep(
    () => this.allEntries(),
    (entry) => this.#remove(entry),
  );
  #size = 0;

  constructor(declaration: StateDeclaration, scope: KeyScope) {
    super();
    this.name = declaration.name;
    this.#keyCodec = codecFor(declaration.keySchema);
    this.#codec = codecFor(declaration.schema);
    this.#migrations = declaration.migrations;
    this.#ttl = timeToLive(declaration, scope.clock);
    this.#scope = scope;
    this.layout = {
      kind: 'map',
      mapKey: layoutType(declaration.keySchema),
      value: layoutType(declaration.schema),
      timed: this.#ttl !== undefined,
    };
    this.#maps = entryIndex(scope, this);
  }

  /** Entries of the maps of all keys. */
  get entryCount(): number {
    return this.#size;
  }

  get size(): number {
    const map = this.#maps.get(this.#scope.key);
    const ttl = this.#ttl;
    if (map === undefined || ttl === undefined || ttl.showsExpired) {
      return map?.size ?? 0;
    }
    return [...map.values()].filter((entry) => !ttl.expired(entry.writtenAt)).length;
  }

  get isEmpty(): boolean {
    return this.#maps.get(this.#scope.key) === undefined;
  }

  get(mapKey: unknown): unknown {
    return this.#find(mapKey)?.value;
  }

  has(mapKey: unknown): boolean {
    return this.#find(mapKey) !== undefined;
  }

  set(mapKey: unknown, value: unknown): void {
    if (value === undefined) {
      return this.delete(mapKey);
    }
    if (this.#ttl !== undefined) {
      // Before the entry is looked up, since the sweep may remove it.
      this.#sweepExpired(this.#ttl);
    }
    const entry = this.#maps.get(this.#scope.key)?.get(mapKey);
    if (entry === undefined) {
      return this.#insert(this.#scope.key, { mapKey, value, writtenAt: this.#ttl?.now() ?? 0 });
    }
    this.touch(entry);
    entry.value = unpinned(value);
    if (this.#ttl !== undefined) {
      entry.writtenAt = this.#ttl.now();
    }
  }

  delete(mapKey: unknown): void {
    const entry = this.#maps.get(this.#scope.key)?.get(mapKey);
    if (entry !== undefined) {
      this.#remove(entry);
    }
  }

  clear(): void {
    const map = this.#maps.get(this.#scope.key);
    if (map !== undefined) {
      for (const entry of map.values()) {
        this.removed(entry);
      }
      this.#size -= map.size;
      this.#maps.delete(this.#scope.key);
    }
  }

  *entries(): Generator<[unknown, unknown]> {
    for (const entry of this.#maps.get(this.#scope.key)?.values() ?? []) {
      if (this.#ttl === undefined || this.#isSeen(entry, this.#ttl)) {
        yield [entry.mapKey, entry.value];
      }
    }
  }

  heldEntries(map: Map<unknown, MapEntry>): Iterable<MapEntry> {
    return map.values();
  }

  release(): void {
    // Maps are looked up whenever they are needed.
  }

  protected *allEntries(): Generator<MapEntry> {
    for (const map of Iterator.from(this.#maps.values())) {
      yield* map.values();
    }
  }

  protected override *entriesOf(key: Key): Generator<MapEntry> {
    yield* this.#maps.get(key)?.values() ?? [];
  }

  protected override view({ mapKey, value, writtenAt }: MapEntry): EntryFields | undefined {
    const hidden = this.#ttl?.showsExpired === false && this.#ttl.expired(writtenAt);
    return hidden ? undefined : { mapKey, value };
  }

  override writeId(out: FrameWriter, entry: MapEntry): void {
    this.#keyCodec.write(out, entry.mapKey);
  }

  write(out: FrameWriter, entry: MapEntry): void {
    if (this.#ttl !== undefined) {
      out.f64(entry.writtenAt);
    }
    this.#codec.write(out, entry.value);
  }

  reader(written: StateLayout): EntryReader {
    const readKey = migratingReader(written.mapKey ?? null, this.layout.mapKey ?? null);
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null, this.#migrations);
    return {
      put: (from, key, keep) => {
        const mapKey = readKey(from);
        const writtenAt = readWrittenAt(from, written, this.#scope.clock);
        const value = readValue(from);
        if (keep) {
          this.#insert(key, { mapKey, value, writtenAt });
        }
      },
      remove: (from, key, keep) => {
        const mapKey = readKey(from);
        const entry = keep ? this.#maps.get(key)?.get(mapKey) : undefined;
        if (entry !== undefined) {
          this.#remove(entry);
        }
      },
    };
  }

  #insert(key: Key, fields: { mapKey: unknown; value: unknown; writtenAt: number }): void {
    let map = this.#maps.get(key);
    if (map === undefined) {
      map = new Map();
      this.#maps.set(unpinned(key), map);
    }
    const mapKey = unpinned(fields.mapKey);
    const value = unpinned(fields.value);
    const entry: MapEntry = {
      version: this.version + 1,
      key: unpinned(key),
      mapKey,
      value,
      writtenAt: fields.writtenAt,
    };
    const before = map.size;
    map.set(mapKey, entry);
    // A restore may put one in place of another.
    this.#size += map.size - before;
    this.born(entry);
  }

  #find(mapKey: unknown): MapEntry | undefined {
    const entry = this.#maps.get(this.#scope.key)?.get(mapKey);
    if (entry === undefined || this.#ttl === undefined) {
      return entry;
    }
    return this.#isSeen(entry, this.#ttl) ? entry : undefined;
  }

  /** Reads an entry: removes it when it has expired, or begins its time anew. Source: Flink's `TtlMapState`. */
  #isSeen(entry: MapEntry, ttl: TimeToLive): boolean {
    if (ttl.expired(entry.writtenAt)) {
      this.#remove(entry);
      return ttl.showsExpired;
    }
    if (ttl.renewedByRead) {
      this.touch(entry);
      entry.writtenAt = ttl.now();
    }
    return true;
  }

  #sweepExpired(ttl: TimeToLive): void {
    this.#sweep.next((entry) => ttl.forgottenInMap(entry.writtenAt));
  }

  #remove(entry: MapEntry): void {
    const map = this.#maps.get(entry.key);
    this.removed(entry);
    if (map?.delete(entry.mapKey) === true) {
      this.#size--;
      if (map.size === 0) {
        this.#maps.delete(entry.key);
      }
    }
  }
}
