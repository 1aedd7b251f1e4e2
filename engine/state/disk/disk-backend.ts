import type { EntryIndex, IndexedTable, StateBackend } from '../entry-index.ts';
import type { EntrySink } from '../entry-sink.ts';
import type { StateOwner } from '../state-owner.ts';
import type { SnapshotTable } from '../state-table.ts';
import { DiskEntries } from './disk-entries.ts';
import type { DiskFiles } from './disk-files.ts';

/** Between two batches: about a millisecond of writing, and half of one of moving records. */
const EVICTED_PER_CALL = 512;
const COMPACTED_PER_CALL = 512;

/** What a slot gives its tables. */
export interface DiskBackendOptions {
  readonly files: DiskFiles;
  /** What entries may take in memory, of all tables together. */
  readonly cacheBytes: number;
  /** For tests: small chunks and segments bring everything that happens to large state. */
  readonly chunkBytes?: number;
  readonly segmentBytes?: number;
}

/** What the backend does with a table, whatever is held for its keys. */
type StoredTable = Pick<
  DiskEntries<unknown>,
  'open' | 'evict' | 'release' | 'compact' | 'close' | 'cachedBytes' | keyof EntrySink
>;

/** State on the local disk, with what is in use in memory. One for all tables of a slot, since they share its memory. */
export class DiskBackend implements StateBackend {
  readonly #options: DiskBackendOptions;
  readonly #tables = new Map<SnapshotTable, StoredTable>();
  #nextTable = 0;

  constructor(options: DiskBackendOptions) {
    this.#options = options;
  }

  index<T>(table: IndexedTable<T>): EntryIndex<T> {
    const entries = new DiskEntries(table);
    this.#tables.set(table, entries);
    return entries;
  }

  sink(table: SnapshotTable, owner: StateOwner): EntrySink | undefined {
    const entries = this.#tables.get(table);
    if (entries === undefined) return undefined;
    const { files, chunkBytes, segmentBytes } = this.#options;
    const store = {
      files,
      name: `table-${this.#nextTable++}`,
      ...(chunkBytes === undefined ? {} : { chunkBytes }),
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
    };
    entries.open(owner, store, () => this.makeRoom(Number.POSITIVE_INFINITY));
    return entries;
  }

  forsake(table: SnapshotTable): void {
    this.#tables.get(table)?.close();
    this.#tables.delete(table);
  }

  maintain(): boolean {
    const full = !this.makeRoom(EVICTED_PER_CALL);
    let working = false;
    for (const entries of this.#tables.values()) {
      if (entries.compact(COMPACTED_PER_CALL)) working = true;
    }
    return full || working;
  }

  /** Lets so many entries leave memory at most; true when it is within its limit. */
  makeRoom(limit: number): boolean {
    if (this.#overfull() === undefined) return true;
    for (const entries of this.#tables.values()) entries.release();
    for (let left = limit; left > 0; left--) {
      const largest = this.#overfull();
      if (largest === undefined) return true;
      largest.evict();
    }
    return this.#overfull() === undefined;
  }

  close(): void {
    for (const entries of this.#tables.values()) entries.close();
    this.#options.files.remove();
  }

  /** The table with most in memory; undefined where all is within the limit. */
  #overfull(): StoredTable | undefined {
    let bytes = 0;
    let largest: StoredTable | undefined;
    for (const entries of this.#tables.values()) {
      const { cachedBytes } = entries;
      bytes += cachedBytes;
      if (cachedBytes > (largest?.cachedBytes ?? 0)) largest = entries;
    }
    return bytes > this.#options.cacheBytes ? largest : undefined;
  }
}
