import { codecFor } from '../data/codec.ts';
import type { FrameReader } from '../data/frame-reader.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import type { Migration, StateDeclaration } from './declaration.ts';
import type { EntryFields } from './entry-view.ts';
import { type EntryIndex, entryIndex, type IndexedTable, type SeveralEntries } from './entry-index.ts';
import type { KeyScope } from './key-scope.ts';
import { migratingReader } from './migration.ts';
import { ownKey } from './own-key.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type RestoredChain, type StateEntry, StateTable } from './state-table.ts';
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
  /** Only with a time to live. */
  writtenAt?: number;
  /** Only where entries leave memory: rises with every one, since a map has the order of insertion. */
  place?: number;
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
  readonly several: SeveralEntries<Map<unknown, MapEntry>>;
  #nextPlace = 0;
  readonly forgets: ((held: Map<unknown, MapEntry>) => boolean) | undefined;
  readonly #sweep = new ExpirySweep(
    () => this.#entriesInMemory(),
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
    const ttl = this.#ttl;
    this.forgets =
      ttl === undefined
        ? undefined
        : (held) => [...held.values()].every(({ writtenAt }) => ttl.forgottenInMap(writtenAt ?? 0));
    this.several = {
      // Of a table's entries a backend asks that table alone.
      writePlace: (out, entry) => out.f64((entry as MapEntry).place ?? 0),
      inOrder: ordered,
      forgotten: () => {
        this.#size--;
      },
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
    return [...map.values()].filter((entry) => !ttl.expired(entry.writtenAt ?? 0)).length;
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

  revive(from: FrameReader, key: Key, held: Map<unknown, MapEntry> = new Map()): Map<unknown, MapEntry> {
    const mapKey = unpinned(this.#keyCodec.read(from));
    const writtenAt = this.#ttl === undefined ? 0 : from.f64();
    const value = unpinned(this.#codec.read(from));
    const own = held.values().next().value?.key ?? ownKey(key);
    const entry = this.#entryOf({ version: 0, key: own, mapKey, value }, writtenAt);
    entry.place = from.f64();
    // What is inserted from now on comes behind it.
    this.#nextPlace = Math.max(this.#nextPlace, entry.place + 1);
    held.set(mapKey, entry);
    return held;
  }

  override restored(chain: RestoredChain): void {
    super.restored(chain);
    this.#size = this.#maps.restoredCount ?? this.#size;
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
    const hidden = this.#ttl?.showsExpired === false && this.#ttl.expired(writtenAt ?? 0);
    return hidden ? undefined : { mapKey, value };
  }

  override writeId(out: FrameWriter, entry: MapEntry): void {
    this.#keyCodec.write(out, entry.mapKey);
  }

  write(out: FrameWriter, entry: MapEntry): void {
    if (this.#ttl !== undefined) {
      out.f64(entry.writtenAt ?? 0);
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
    // All entries of a key share its text.
    const own = map?.values().next().value?.key ?? this.#maps.ownKey?.(key) ?? ownKey(key);
    if (map === undefined) {
      map = new Map();
      this.#maps.set(own, map);
    }
    const mapKey = unpinned(fields.mapKey);
    const value = unpinned(fields.value);
    const entry = this.#entryOf({ version: this.version + 1, key: own, mapKey, value }, fields.writtenAt);
    if (this.#maps.inMemory !== undefined) {
      entry.place = this.#nextPlace++;
    }
    const before = map.size;
    map.set(mapKey, entry);
    // A restore may put one in place of another.
    this.#size += map.size - before;
    this.born(entry);
  }

  #entryOf({ version, key, mapKey, value }: MapEntry, writtenAt: number): MapEntry {
    return this.#ttl === undefined
      ? { version, key, mapKey, value }
      : { version, key, mapKey, value, writtenAt };
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
    if (ttl.expired(entry.writtenAt ?? 0)) {
      this.#remove(entry);
      return ttl.showsExpired;
    }
    if (ttl.renewedByRead) {
      this.touch(entry);
      entry.writtenAt = ttl.now();
    }
    return true;
  }

  *#entriesInMemory(): Generator<MapEntry> {
    for (const map of Iterator.from(this.#maps.inMemory?.() ?? this.#maps.values())) {
      yield* map.values();
    }
  }

  #sweepExpired(ttl: TimeToLive): void {
    this.#sweep.next((entry) => ttl.forgottenInMap(entry.writtenAt ?? 0));
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

function ordered(map: Map<unknown, MapEntry>): Map<unknown, MapEntry> {
  const entries = [...map.values()];
  const places = entries.map(({ place = 0 }) => place);
  if (places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))) {
    return map;
  }
  entries.sort((left, right) => (left.place ?? 0) - (right.place ?? 0));
  return new Map(entries.map((entry) => [entry.mapKey, entry]));
}
