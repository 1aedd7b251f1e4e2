import type { FrameReader } from '../data/frame-reader.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import type { StateOwner } from './state-owner.ts';
import type { EntrySink } from './entry-sink.ts';
import type { KeyScope } from './key-scope.ts';
import { ShardedMap } from './sharded-map.ts';
import type { SnapshotTable, StateEntry } from './state-table.ts';

/**
 * What a table holds, by key: `T` is an entry, or a collection of the entries of one key. A `Map` is one.
 *
 * Contract: an index may keep what it holds elsewhere and bring it back when it is asked for, so between two batches
 * an object may be replaced by an equal one; tables that remember one forget it in {@link IndexedTable.release}.
 */
export interface EntryIndex<T> {
  get(key: Key): T | undefined;
  /** The key is one that may be held for long. */
  set(key: Key, held: T): unknown;
  delete(key: Key): boolean;
  /** The key as entries may hold it for long; absent where every entry has a copy of its own. */
  ownKey?(key: Key): Key;
  /** As of a `Map`: keys may come and go meanwhile. One that stays is given once at least. */
  values(): Iterator<T>;
  /** Keys. */
  readonly size: number;
  /** Those that are in memory, where others are not. */
  inMemory?(): Iterator<T>;
  /** Entries that a restore has brought, where it did not put them one by one. */
  readonly restoredCount?: number;
}

/** What is asked of a table that holds several entries for a key. */
export interface SeveralEntries<T> {
  /** Writes what `revive` reads behind the value of an entry: its place among those of its key. */
  writePlace(out: FrameWriter, entry: StateEntry): void;
  /** Entries were revived in any order; gives them in that of their places. */
  inOrder(held: T): T;
  /** An entry that is not in memory was forgotten. */
  forgotten(): void;
}

/** What a backend asks of a table whose entries it keeps. */
export interface IndexedTable<T> extends SnapshotTable {
  /** The entries that the index holds for one key. */
  heldEntries(held: T): Iterable<StateEntry>;
  /** Forgets every reference to entries: what is not used between batches may leave memory. */
  release(): void;
  /** Makes what is held for a key of one stored entry, clean, or puts it into what was made of others of the key. */
  revive(from: FrameReader, key: Key, held: T | undefined): T;
  /** Absent: a key has one entry, and what is held is that. */
  readonly several?: SeveralEntries<T>;
  /** True of what was not read for so long that nobody will see it. Absent: there is no such thing. */
  readonly forgets?: ((held: T) => boolean) | undefined;
}

/**
 * Keeps the entries of the tables of one slot where memory alone would not do.
 *
 * Contract: an entry comes back into memory by {@link IndexedTable.revive}, and is clean then (`version` 0, see
 * {@link StateEntry}). One whose version is at least `table.version`, or that the snapshot on its way still wants
 * (`table.owes(entry)`), is written before it leaves.
 */
export interface StateBackend {
  /** Undefined for tables whose entries stay in memory. */
  index<T>(table: IndexedTable<T>): EntryIndex<T> | undefined;
  /** The log of a table that was given an index, once its owner is known; before its first entry. */
  sink(table: SnapshotTable, owner: StateOwner): EntrySink | undefined;
  /** Gives up a table and all that is kept of it: nobody will ask for it again. */
  forsake(table: SnapshotTable): void;
  /** Called between batches: brings what is held back to its limit. True when there is more to do. */
  maintain(): boolean;
}

/** The index of a table: the backend's, a column where the tables of its operator share rows, else a map of its own. */
export function entryIndex<T>(scope: KeyScope, table: IndexedTable<T>): EntryIndex<T> {
  return scope.backend?.index(table) ?? scope.rows?.column<T>() ?? new ShardedMap<T>();
}
