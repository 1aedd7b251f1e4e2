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
import { REMOVED, type StateEntry } from '../state-table.ts';
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
export class DiskEntries<T> implements EntryIndex<T>, EntrySink {
  readonly keepsAll = true;
  readonly #table: IndexedTable<T>;
  readonly #several: boolean;
  readonly #cache = new EntryCache<T>();
  readonly #key: RecordKey;
  readonly #frame = new FrameWriter();
  readonly #idFrame = new FrameWriter();
  #owner: StateOwner | undefined;
  #store: LogStore | undefined;
  #compaction: Compaction | undefined;
  /** Entries in memory whose name the store does not have; only known where a key has one entry. */
  #unstored = 0;
  /** Running averages, from which the memory in use is guessed. */
  #averageBytes = 0;
  #entriesPerKey = 1;
  /** Nobody has the chain that the next snapshot would continue. */
  #whole = true;
  /** The log says what was restored in other words than the parts did. */
  #rewritten = false;
  #makeRoom: () => void = () => undefined;
  #dropped: readonly number[] = [];
  #owedChunks: StoredChunk[] = [];
  #parts: SnapshotPart[] = [];

  constructor(table: IndexedTable<T>) {
    this.#table = table;
    this.#several = table.several !== undefined;
    this.#key = new RecordKey(this.#several);
  }

  /** Opens the store, once it is known whose entries they are. */
  open(owner: StateOwner, options: Omit<LogStoreOptions, 'layout' | 'grouped'>, makeRoom: () => void): void {
    this.#owner = owner;
    this.#makeRoom = makeRoom;
    this.#store = new LogStore({ ...options, layout: this.#table.layout, grouped: this.#several });
    const { forgets } = this.#table;
    this.#compaction = new Compaction(
      this.#store,
      forgets === undefined
        ? undefined
        : {
            isOver: (bytes, record) => this.#isForgotten(bytes, record),
            removed: () => this.#table.several?.forgotten(),
          },
    );
  }

  get size(): number {
    return this.#opened.size + this.#unstored;
  }

  get restoredCount(): number {
    return this.#opened.size;
  }

  /** What the entries in memory take, about. */
  get cachedBytes(): number {
    const entryBytes = ENTRY_BYTES + BYTES_PER_STORED_BYTE * this.#averageBytes;
    return this.#cache.size * this.#entriesPerKey * entryBytes;
  }

  get(key: Key): T | undefined {
    return this.#cache.get(key) ?? this.#fault(key);
  }

  set(key: Key, held: T): void {
    if (!this.#several && !this.#cache.has(key)) {
      this.#key.set(key);
      if (!this.#opened.has(this.#key)) this.#unstored++;
    }
    this.#cache.set(key, held);
  }

  delete(key: Key): boolean {
    const cached = this.#cache.delete(key);
    // Of several entries each was removed by itself.
    if (this.#several) return cached;
    this.#key.set(key);
    const stored = this.#opened.remove(this.#key, this.#keyGroup(key));
    if (cached && !stored) this.#unstored--;
    return cached || stored;
  }

  /** Those in memory first; of the others each is in memory only while one looks at it. */
  *values(): Generator<T> {
    const store = this.#opened;
    yield* this.#cache.values();
    for (const chunk of store.chunks.values()) {
      const bytes = store.bytesOf(chunk);
      for (const record of recordsOf(openLogChunk(bytes))) {
        const isLive = record.operation === PUT && store.isLive(chunk, bytes, record);
        if (isLive && (!this.#several || store.isFirstOfKey(bytes, record))) {
          yield* this.#visit(readKey(bytes, record.keyAt));
        }
      }
    }
  }

  inMemory(): Iterator<T> {
    return this.#cache.values();
  }

  /** Lets what is held for a key leave memory; false where there is nothing. */
  evict(): boolean {
    const held = this.#cache.evict();
    if (held === undefined) return false;
    this.#settle(held);
    return true;
  }

  /** Forgets what the table remembers of entries that may leave memory. */
  release(): void {
    this.#table.release();
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

  put(entry: StateEntry): void {
    this.#write(entry, true);
  }

  remove(entry: StateEntry): void {
    const id = this.#nameOf(entry);
    const stored = this.#opened.remove(this.#key, this.#keyGroup(entry.key), id);
    // It is in memory still, until the table takes it out.
    if (stored) this.#unstored++;
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
    for (const held of this.#cache.values()) {
      this.#settle(held);
      for (const entry of this.#table.heldEntries(held)) entry.version = CLEAN;
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

  #fault(key: Key): T | undefined {
    const held = this.#stored(key);
    if (held !== undefined) this.#cache.set(key, held);
    return held;
  }

  /** What the store has for a key, made anew. */
  #stored(key: Key): T | undefined {
    this.#key.set(key);
    if (!this.#several) {
      const from = this.#opened.find(this.#key);
      return from === undefined ? undefined : this.#table.revive(from, key, undefined);
    }
    let held: T | undefined;
    for (const from of this.#opened.findAll(this.#key)) {
      held = this.#table.revive(from, key, held);
    }
    return held === undefined ? undefined : this.#table.several?.inOrder(held);
  }

  *#visit(key: Key): Generator<T> {
    if (this.#cache.has(key)) return;
    const held = this.#fault(key);
    if (held === undefined) return;
    yield held;
    const entries = Iterator.from(this.#table.heldEntries(held));
    if (entries.every(({ version }) => version === CLEAN)) {
      this.#table.release();
      this.#cache.delete(key);
    }
  }

  #isForgotten(bytes: Uint8Array, { keyAt, valueAt, end }: LogRecord): boolean {
    const key = readKey(bytes, keyAt);
    if (this.#cache.has(key)) return false;
    const from = new FrameReader();
    from.open(bytes.subarray(valueAt, end));
    return this.#table.forgets?.(this.#table.revive(from, key, undefined)) === true;
  }

  /** Writes what leaves memory, as far as the store has it not as it is. */
  #settle(held: T): void {
    const table = this.#table;
    let count = 0;
    for (const entry of table.heldEntries(held)) {
      count++;
      const owed = table.owes(entry);
      if (owed || entry.version >= table.version) {
        this.#write(entry, owed);
        // Lists of changes may hold it still; nobody is to look at it there.
        entry.version = REMOVED;
      }
    }
    this.#entriesPerKey += (count - this.#entriesPerKey) * NEWEST_SHARE;
  }

  #write(entry: StateEntry, owed: boolean): void {
    const value = this.#valueOf(entry);
    this.#nameOf(entry);
    const stored = entry.version % VERSIONS !== BORN || this.#opened.has(this.#key);
    const isNew = this.#opened.put(this.#key, { keyGroup: this.#keyGroup(entry.key), value, stored, owed });
    if (isNew) this.#unstored--;
    this.#averageBytes += (value.byteLength - this.#averageBytes) * NEWEST_SHARE;
  }

  /** Sets the name of an entry, and gives its id as readers want it. */
  #nameOf(entry: StateEntry): Uint8Array | undefined {
    if (!this.#several) {
      this.#key.set(entry.key);
      return undefined;
    }
    this.#idFrame.reset();
    this.#table.writeId(this.#idFrame, entry);
    const id = this.#idFrame.finish();
    this.#key.set(entry.key, id);
    return id;
  }

  #valueOf(entry: StateEntry): Uint8Array {
    const frame = this.#frame;
    frame.reset();
    try {
      this.#table.writeId(frame, entry);
      this.#table.write(frame, entry);
      this.#table.several?.writePlace(frame, entry);
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
