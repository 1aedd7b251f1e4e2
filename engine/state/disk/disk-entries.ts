/** Speed: bench/state-backend.ts; an entry that is in memory costs what it does on the heap. */
import { FrameReader } from '../../data/frame-reader.ts';
import { FrameWriter } from '../../data/frame-writer.ts';
import { type Key, keyGroupOf } from '../../data/key-groups.ts';
import { codecErrorAt } from '../../data/value-codec.ts';
import type { EntryIndex, IndexedTable } from '../entry-index.ts';
import type { EntrySink } from '../entry-sink.ts';
import type { Share } from '../redistribution.ts';
import type { SnapshotPart } from '../snapshot.ts';
import type { StateOwner } from '../state-owner.ts';
import { type EntryReader, REMOVED, type StateEntry } from '../state-table.ts';
import { Compaction } from './compaction.ts';
import { EntryCache } from './entry-cache.ts';
import { isLogChunk, type LogRecord, openLogChunk, PUT, recordsOf } from './log-chunk.ts';
import { LogStore, type LogStoreOptions } from './log-store.ts';
import { readKey, RecordKey } from './record-key.ts';
import type { StoredChunk } from './stored-chunk.ts';

/** Version of an entry that is in the store as it is in memory. */
const CLEAN = 0;
/** Of three versions after each other one is that of newborn entries, which the store may not have. */
const VERSIONS = 3;
const BORN = 2;
/** An entry in memory takes its objects, its place in two maps, and about twice the bytes that it has in the log. */
const ENTRY_BYTES = 200;
const BYTES_PER_STORED_BYTE = 2;
/** Of the length of records, how much the newest counts. */
const NEWEST_SHARE = 1 / 64;

/**
 * The entries of one table: those in use in memory, all others in a log on the disk.
 *
 * Contract: entries leave memory by `evict` alone, between batches, and are written then if the store has not what they
 * are. It is the sink of the table's snapshots as well: these consist of the chunks that the log has more than at the
 * snapshot before, and the table emits only what memory has and the log has not.
 */
export class DiskEntries<E extends StateEntry> implements EntryIndex<E>, EntrySink<E> {
  readonly keepsAll = true;
  readonly #table: IndexedTable<E>;
  readonly #cache = new EntryCache<E>();
  readonly #key = new RecordKey();
  readonly #frame = new FrameWriter();
  #owner: StateOwner | undefined;
  #store: LogStore | undefined;
  #reader: EntryReader | undefined;
  #compaction: Compaction | undefined;
  /** Entries in memory whose name the store does not have. */
  #unstored = 0;
  #averageBytes = 0;
  /** Set while a record becomes an entry again: where the table's reader puts it. */
  #arrival: 'cache' | 'capture' | undefined;
  #captured: E | undefined;
  /** Nobody has the chain that the next snapshot would continue. */
  #whole = true;
  /** The log says what was restored in other words than the parts did. */
  #rewritten = false;
  #makeRoom: () => void = () => undefined;
  #dropped: readonly number[] = [];
  #owedChunks: StoredChunk[] = [];
  #parts: SnapshotPart[] = [];

  constructor(table: IndexedTable<E>) {
    this.#table = table;
  }

  /** Opens the store, once it is known whose entries they are. */
  open(owner: StateOwner, options: Omit<LogStoreOptions, 'layout'>, makeRoom: () => void): void {
    this.#owner = owner;
    this.#makeRoom = makeRoom;
    this.#store = new LogStore({ ...options, layout: this.#table.layout });
    this.#reader = this.#table.reader(this.#table.layout);
    const { forgets } = this.#table;
    this.#compaction = new Compaction(
      this.#store,
      forgets === undefined ? undefined : (bytes, record) => this.#isForgotten(bytes, record),
    );
  }

  get size(): number {
    return this.#opened.size + this.#unstored;
  }

  /** What the entries in memory take, about. */
  get cachedBytes(): number {
    return this.#cache.size * (ENTRY_BYTES + BYTES_PER_STORED_BYTE * this.#averageBytes);
  }

  get(key: Key): E | undefined {
    return this.#cache.get(key) ?? this.#fault(key);
  }

  set(key: Key, entry: E): void {
    if (this.#arrival !== undefined) return this.#arrive(key, entry);
    if (!this.#cache.has(key)) {
      this.#key.set(key);
      if (!this.#opened.has(this.#key)) this.#unstored++;
    }
    this.#cache.set(key, entry);
  }

  delete(key: Key): boolean {
    const cached = this.#cache.delete(key);
    this.#key.set(key);
    if (this.#opened.has(this.#key)) {
      this.#opened.remove(this.#key, { keyGroup: this.#keyGroup(key), owed: false });
      return true;
    }
    if (cached) this.#unstored--;
    return cached;
  }

  /** Those in memory first; of the others each is in memory only while one looks at it. */
  *values(): Generator<E> {
    yield* this.#cache.values();
    for (const chunk of this.#opened.chunks.values()) {
      const bytes = this.#opened.bytesOf(chunk);
      for (const record of recordsOf(openLogChunk(bytes))) {
        if (record.operation === PUT && this.#opened.isLive(chunk, bytes, record)) {
          yield* this.#visit(readKey(bytes, record.keyAt));
        }
      }
    }
  }

  inMemory(): Iterator<E> {
    return this.#cache.values();
  }

  /** Lets an entry leave memory; false where there is none. */
  evict(): boolean {
    const entry = this.#cache.evict();
    if (entry === undefined) return false;
    this.#settle(entry);
    return true;
  }

  /** Gives room on the disk back, looking at so many records at most; true when there is more to do. */
  compact(limit: number): boolean {
    return this.#compaction?.step(limit) === true;
  }

  begin(): boolean {
    if (this.#opened.inSnapshot) this.abandon();
    const continued = !this.#whole;
    this.#whole = false;
    this.#dropped = this.#opened.beginSnapshot(!continued);
    return continued;
  }

  get dropped(): readonly number[] {
    return this.#dropped;
  }

  put(entry: E): void {
    this.#write(entry, true);
  }

  remove(entry: E): void {
    this.#key.set(entry.key);
    if (!this.#opened.has(this.#key)) return;
    this.#opened.remove(this.#key, { keyGroup: this.#keyGroup(entry.key), owed: false });
    // It is in memory still, until the table takes it out.
    this.#unstored++;
  }

  drop(): void {
    throw new Error(`Cannot drop entries of state "${this.#table.name}" by their ids: they have none`);
  }

  finish(): void {
    this.#owedChunks = [...this.#opened.endSnapshot()];
  }

  /** Reads a chunk of the snapshot; true when all have been. */
  writeSome(): boolean {
    const chunk = this.#owedChunks.shift();
    if (chunk !== undefined) this.#parts.push(this.#partOf(chunk));
    if (this.#owedChunks.length > 0) return false;
    if (this.#opened.inSnapshot) this.#opened.handedOver();
    return true;
  }

  take(): SnapshotPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  forget(): void {
    // The log keeps all: what was removed is in it.
  }

  abandon(): void {
    this.#whole = true;
    this.#parts = [];
    if (!this.#opened.inSnapshot) return;
    if (this.#owedChunks.length === 0) this.#opened.endSnapshot();
    this.#owedChunks = [];
    this.#opened.handedOver();
  }

  /** Takes a part of a snapshot over without looking at its values; false where they have to be read one by one. */
  adopt({ part, keeps }: Share): boolean {
    // What was read one by one before must not pile up.
    this.#makeRoom();
    if (!this.#fits(part)) {
      this.#rewritten = true;
      return false;
    }
    const store = this.#opened;
    const { start, end } = part.keyGroups;
    if (keeps(start, 0) && keeps(end, 0)) {
      store.index.reserve(store.index.size + part.entries);
      store.adopt(part.bytes);
    } else {
      this.#rewritten = true;
      store.absorb(part.bytes, (keyGroup) => keeps(keyGroup, 0));
    }
    return true;
  }

  restored(continued: boolean): void {
    for (const entry of this.#cache.values()) {
      this.#settle(entry);
      entry.version = CLEAN;
    }
    this.#whole = !continued || this.#rewritten;
  }

  close(): void {
    this.#store?.close();
  }

  get #opened(): LogStore {
    if (this.#store === undefined) {
      throw new Error(`Cannot use state "${this.#table.name}": its store was not opened`);
    }
    return this.#store;
  }

  /** True for chunks that a store of this table could have written. */
  #fits({ bytes }: SnapshotPart): boolean {
    return isLogChunk(bytes) && openLogChunk(bytes).layout === JSON.stringify(this.#table.layout);
  }

  #fault(key: Key): E | undefined {
    this.#key.set(key);
    const from = this.#opened.find(this.#key);
    if (from === undefined) return undefined;
    return this.#revive(from, key, 'cache');
  }

  #revive(from: FrameReader, key: Key, arrival: 'cache' | 'capture'): E | undefined {
    this.#arrival = arrival;
    this.#captured = undefined;
    try {
      this.#reader?.put(from, key, true);
    } finally {
      this.#arrival = undefined;
    }
    return this.#captured;
  }

  #arrive(key: Key, entry: E): void {
    entry.version = CLEAN;
    if (this.#arrival === 'cache') this.#cache.set(key, entry);
    this.#captured = entry;
  }

  *#visit(key: Key): Generator<E> {
    if (this.#cache.has(key)) return;
    const entry = this.#fault(key);
    if (entry === undefined) return;
    yield entry;
    if (entry.version === CLEAN) {
      this.#table.release();
      this.#cache.delete(key);
    }
  }

  #isForgotten(bytes: Uint8Array, { keyAt, valueAt, end }: LogRecord): boolean {
    const key = readKey(bytes, keyAt);
    if (this.#cache.has(key)) return false;
    const from = new FrameReader();
    from.open(bytes.subarray(valueAt, end));
    const entry = this.#revive(from, key, 'capture');
    this.#table.release();
    return entry !== undefined && this.#table.forgets?.(entry) === true;
  }

  /** Writes an entry that leaves memory, if the store has not what it is. */
  #settle(entry: E): void {
    const table = this.#table;
    const owed = table.owes(entry);
    if (owed || entry.version >= table.version) {
      this.#write(entry, owed);
      // Lists of changes may hold it still; nobody is to look at it there.
      entry.version = REMOVED;
    }
  }

  #write(entry: E, owed: boolean): void {
    const value = this.#valueOf(entry);
    this.#key.set(entry.key);
    const stored = entry.version % VERSIONS !== BORN || this.#opened.has(this.#key);
    const isNew = this.#opened.put(this.#key, { keyGroup: this.#keyGroup(entry.key), value, stored, owed });
    if (isNew) this.#unstored--;
    this.#averageBytes += (value.byteLength - this.#averageBytes) * NEWEST_SHARE;
  }

  #valueOf(entry: E): Uint8Array {
    const frame = this.#frame;
    frame.reset();
    try {
      this.#table.writeId(frame, entry);
      this.#table.write(frame, entry);
      return frame.finish();
    } catch (error) {
      const operator = this.#owner?.operatorName ?? '';
      throw codecErrorAt(`Cannot write state "${this.#table.name}" of operator "${operator}"`, error);
    }
  }

  #keyGroup(key: Key): number {
    return keyGroupOf(key, this.#owner?.maxParallelism ?? 1);
  }

  #partOf(chunk: StoredChunk): SnapshotPart {
    const { operatorId = '', operatorName = '', keyGroups = { start: 0, end: 0 } } = this.#owner ?? {};
    const { name: state, distribution } = this.#table;
    const bytes = this.#opened.bytesOf(chunk);
    return { operatorId, operatorName, state, keyGroups, distribution, entries: chunk.entries, bytes };
  }
}
