/** Speed: bench/state-backend.ts; reads one record by one `pread`, writes it into memory, and allocates next to nothing. */
import { FrameReader } from '../../data/frame-reader.ts';
import type { StateLayout } from '../state-layout.ts';
import type { DiskFiles } from './disk-files.ts';
import { hashBytes, hashHigh } from './byte-hash.ts';
import { ChunkChain } from './chunk-chain.ts';
import { HashIndex } from './hash-index.ts';
import {
  DELETE,
  isIntact,
  type LogRecord,
  OpenChunk,
  openLogChunk,
  PUT,
  RECORD_HEAD_BYTES,
  recordAt,
  recordsOf,
} from './log-chunk.ts';
import { KeyMembers } from './key-members.ts';
import { GROUP_SEED, RecordKey } from './record-key.ts';
import { type Extent, Segments } from './segments.ts';
import { StateDiskError } from './state-disk-error.ts';
import type { StoredChunk } from './stored-chunk.ts';

const CHUNK_BYTES = 1 << 20;
const SEGMENT_BYTES = 16 << 20;
const OPEN_BYTES = 1 << 16;
const NO_VALUE = new Uint8Array(0);

/** What a store is made of. */
export interface LogStoreOptions {
  readonly files: DiskFiles;
  /** Begins the names of its files. */
  readonly name: string;
  /** What values look like; written into every chunk. */
  readonly layout: StateLayout;
  /** Keys have several names, which are to be found by the key. */
  readonly grouped?: boolean;
  readonly chunkBytes?: number;
  readonly segmentBytes?: number;
}

/** What is written under a name. */
export interface StoredValue {
  readonly keyGroup: number;
  /** A finished frame. */
  readonly value: Uint8Array;
  /** True where the store has a record of that name; who does not know asks `has`. */
  readonly stored: boolean;
  /** True for what the snapshot on its way still owes. */
  readonly owed: boolean;
}

/** A record as it was read; the next look ends it. */
interface ReadRecord {
  bytes: Uint8Array;
  view: DataView;
  at: number;
}

/**
 * A log of records on the local disk, with an index of the last record of every name in memory off the heap.
 *
 * Contract: every call runs to its end without waiting. Records lie in chunks that never change once they are
 * written, and chunks in their order are the whole state; so a snapshot is the chunks since the last one. Between
 * `beginSnapshot` and `endSnapshot` what is owed goes into the chunk begun before, and all else into one behind it;
 * until `handedOver` no chunk of the snapshot goes. Names that are owed must not have been written meanwhile.
 * Errors: a `StateDiskError` when the disk is full, or a record is not what was written.
 */
export class LogStore {
  readonly index = new HashIndex();
  readonly options: LogStoreOptions;
  readonly segments: Segments;
  /** Chunks by id, oldest first. */
  readonly chunks = new Map<number, StoredChunk>();
  readonly #layout: Uint8Array;
  readonly chunkBytes: number;
  readonly #reader = new FrameReader();
  readonly #scratch: RecordKey;
  readonly #members: KeyMembers | undefined;
  readonly #read: ReadRecord = { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), at: 0 };
  #buffer = new Uint8Array(OPEN_BYTES);
  #bufferView = new DataView(this.#buffer.buffer);
  #spare: OpenChunk[] = [];
  #nextId = 1;
  #log: StoredChunk | undefined;
  #owed: StoredChunk | undefined;
  readonly #chain = new ChunkChain();
  /** Chunks were written or given up since somebody looked for what to compact. */
  changed = false;

  constructor(options: LogStoreOptions) {
    this.options = options;
    this.segments = new Segments(options.files, options.name, options.segmentBytes ?? SEGMENT_BYTES);
    this.#layout = new TextEncoder().encode(JSON.stringify(options.layout));
    this.chunkBytes = options.chunkBytes ?? CHUNK_BYTES;
    this.#members = options.grouped === true ? new KeyMembers() : undefined;
    this.#scratch = this.newKey();
  }

  /** A key as this store needs it. */
  newKey(): RecordKey {
    return new RecordKey(this.options.grouped);
  }

  /** Names that have a value. */
  get size(): number {
    return this.index.size;
  }

  /** True from the beginning of a snapshot until all of it was handed over: then no chunk may go. */
  get inSnapshot(): boolean {
    return this.#chain.inSnapshot;
  }

  /** The value of a name; undefined where there is none. The next look ends it. */
  find(key: RecordKey): FrameReader | undefined {
    return this.#cellOf(key) < 0 ? undefined : this.#valueRead();
  }

  /** The values of all names of a key, which is one without id, in the order in which they came. */
  *findAll(key: RecordKey): Generator<FrameReader> {
    for (const { high, low } of this.#members?.of(key.group) ?? []) {
      const shard = this.index.shard(high);
      if (shard === undefined) continue;
      for (let cell = shard.first(high, low); cell >= 0; cell = shard.next(cell, high, low)) {
        this.#load(shard.chunk(cell), shard.offset(cell), shard.length(cell));
        if (this.#hasKey(key)) yield this.#valueRead();
      }
    }
  }

  /** False for a record whose key has a name that came before. */
  isFirstOfKey(bytes: Uint8Array, record: LogRecord): boolean {
    const key = this.#scratch;
    key.setBytes(bytes, record.keyAt, record);
    return this.#members?.isFirst(key.group, key) ?? true;
  }

  has(key: RecordKey): boolean {
    return this.#cellOf(key) >= 0;
  }

  /** True when the name is new. */
  put(key: RecordKey, { keyGroup, value, stored, owed }: StoredValue): boolean {
    const cell = stored ? this.#storedCell(key) : -1;
    const chunk = this.#chunkFor(RECORD_HEAD_BYTES + key.length + value.byteLength, owed);
    const offset = chunk.open.add(key, { operation: PUT, keyGroup }, value);
    const length = chunk.open.length - offset;
    this.#place(key, cell, { chunk, offset, length });
    return cell < 0;
  }

  /** Writes a tombstone, with the id as readers want it, where the store has the name; true when it had. */
  remove(key: RecordKey, keyGroup: number, id: Uint8Array = NO_VALUE): boolean {
    const cell = this.#cellOf(key);
    if (cell >= 0) this.#removeAt(key, cell, { keyGroup, value: id });
    return cell >= 0;
  }

  /**
   * From here on what is owed belongs to the snapshot, and nothing else. Gives the places of chunks that were handed
   * over before and are not wanted any more, counted among all that were.
   */
  beginSnapshot(whole: boolean): readonly number[] {
    const dropped = this.#chain.begin(whole);
    this.#owed = this.#log;
    this.#log = undefined;
    return dropped;
  }

  /** All that was owed is in: gives the chunks of the snapshot, which stay as they are until `handedOver`. */
  endSnapshot(): readonly StoredChunk[] {
    if (this.#owed !== undefined) this.#chain.add(this.#write(this.#owed), true);
    this.#owed = undefined;
    return this.#chain.end();
  }

  handedOver(): void {
    this.#chain.handedOver();
    this.changed = true;
  }

  /** A copy of a chunk, in memory of its own. */
  bytesOf({ open, extent }: StoredChunk): Uint8Array {
    if (extent === undefined) return open?.finish().slice() ?? NO_VALUE;
    const bytes = new Uint8Array(extent.bytes);
    extent.segment.file.read(bytes, extent.base, extent.bytes);
    return bytes;
  }

  /** Takes a chunk of a snapshot over as it is, behind those that were taken over before, as if it had handed it over. */
  adopt(bytes: Uint8Array): void {
    const log = openLogChunk(bytes);
    const chunk = this.#newChunk();
    chunk.extent = this.segments.append(bytes);
    chunk.entries = log.entries;
    this.chunks.set(chunk.id, chunk);
    this.#chain.adopt(chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = log.from; at < log.to;) {
      const end = at + view.getUint32(at, true);
      this.#adoptRecord(chunk, view, { at, end });
      at = end;
    }
    this.changed = true;
  }

  /** Takes records of a foreign chunk over, copied into the own log. */
  absorb(bytes: Uint8Array, keeps: (keyGroup: number) => boolean): void {
    const log = openLogChunk(bytes);
    for (const record of recordsOf(log)) {
      if (keeps(record.keyGroup)) this.#absorb(bytes, record);
    }
  }

  /** Moves a record of a chunk to the end of the log where it is the last word on its name. */
  relocate(from: StoredChunk, bytes: Uint8Array, record: LogRecord): void {
    const cell = this.#cellAt(from, bytes, record);
    if (cell < 0) return;
    const chunk = this.#chunkFor(record.end - record.at, false);
    const offset = chunk.open.copy(bytes, record);
    this.#place(this.#scratch, cell, { chunk, offset, length: record.end - record.at });
  }

  /** Removes a record of a chunk, whose time to live is over, where it is the last word on its name; true when it was. */
  expire(from: StoredChunk, bytes: Uint8Array, record: LogRecord): boolean {
    const cell = this.#cellAt(from, bytes, record);
    if (cell < 0) return false;
    const { keyGroup, keyAt, keyLength, valueAt } = record;
    // The id stands in front of the value, too, and readers of tombstones look at nothing behind it.
    const value = keyAt + keyLength === valueAt ? NO_VALUE : bytes.subarray(valueAt, record.end);
    this.#removeAt(this.#scratch, cell, { keyGroup, value });
    return true;
  }

  /** Copies a tombstone to the end of the log where older records may still have its name. */
  relocateTombstone(bytes: Uint8Array, record: LogRecord): void {
    const key = this.#scratch;
    key.setBytes(bytes, record.keyAt, record);
    if (this.#cellOf(key) >= 0) return;
    const chunk = this.#chunkFor(record.end - record.at, false);
    chunk.open.copy(bytes, record);
    chunk.tombstones++;
  }

  /** True where nothing older is in the chain. */
  isOldest(chunk: StoredChunk): boolean {
    return this.#chain.oldest === chunk;
  }

  /** The chunks on the disk in the order of the chain. */
  get written(): readonly StoredChunk[] {
    return this.#chain.chunks;
  }

  /** Drops chunks whose records are all dead or have been moved. Not while a snapshot is on its way. */
  drop(gone: readonly StoredChunk[]): void {
    for (const chunk of gone) {
      chunk.gone = true;
      this.chunks.delete(chunk.id);
      if (chunk.extent !== undefined) this.segments.release(chunk.extent);
    }
    this.#chain.forgetGone();
  }

  /** True where the record at this place is the last word on its name. */
  isLive(chunk: StoredChunk, bytes: Uint8Array, record: LogRecord): boolean {
    return this.#cellAt(chunk, bytes, record) >= 0;
  }

  close(): void {
    this.segments.close();
    this.chunks.clear();
  }

  /** Most names are new, and of those only the hash is needed. */
  #adoptRecord(
    chunk: StoredChunk,
    view: DataView,
    { at, end }: { readonly at: number; readonly end: number },
  ): void {
    const keyLength = view.getUint32(at + 12, true);
    const idLength = view.getUint32(at + 16, true);
    const keyAt = at + RECORD_HEAD_BYTES;
    const low = hashBytes(view, keyAt, keyAt + keyLength + idLength, keyLength);
    const high = hashHigh();
    const isPut = (view.getUint32(at + 8, true) & 0xff) === PUT;
    const isNew = (this.index.shard(high)?.first(high, low) ?? -1) < 0;
    if (!isPut) chunk.tombstones++;
    if (isNew) {
      if (!isPut) return;
      chunk.liveBytes += end - at;
      if (this.#members !== undefined) {
        const group = { low: hashBytes(view, keyAt, keyAt + keyLength, GROUP_SEED), high: hashHigh() };
        this.#members.add(group, { high, low });
      }
      return this.index.insert(high, low, { chunk: chunk.id, offset: at, length: end - at });
    }
    const key = this.#scratch;
    key.setBytes(new Uint8Array(view.buffer, view.byteOffset), keyAt, { keyLength, idLength });
    const cell = this.#cellOf(key);
    if (isPut) this.#place(key, cell, { chunk, offset: at, length: end - at });
    else if (cell >= 0) this.#forget(key, cell);
  }

  #removeAt(
    key: RecordKey,
    cell: number,
    { keyGroup, value }: { readonly keyGroup: number; readonly value: Uint8Array },
  ): void {
    this.#forget(key, cell);
    const chunk = this.#chunkFor(RECORD_HEAD_BYTES + key.length + value.byteLength, false);
    chunk.open.add(key, { operation: DELETE, keyGroup }, value);
    chunk.tombstones++;
  }

  #absorb(bytes: Uint8Array, record: LogRecord): void {
    const key = this.#scratch;
    key.setBytes(bytes, record.keyAt, record);
    if (record.operation === DELETE) {
      this.remove(key, record.keyGroup, bytes.subarray(record.valueAt, record.end));
      return;
    }
    const cell = this.#cellOf(key);
    const chunk = this.#chunkFor(record.end - record.at, false);
    const offset = chunk.open.copy(bytes, record);
    this.#place(key, cell, { chunk, offset, length: record.end - record.at });
  }

  /** The index cell that leads to just this record, or -1; its name is in `#scratch` then. */
  #cellAt(chunk: StoredChunk, bytes: Uint8Array, record: LogRecord): number {
    const key = this.#scratch;
    key.setBytes(bytes, record.keyAt, record);
    const { high, low } = key;
    const shard = this.index.shard(high);
    if (shard === undefined) return -1;
    for (let cell = shard.first(high, low); cell >= 0; cell = shard.next(cell, high, low)) {
      if (shard.chunk(cell) === chunk.id && shard.offset(cell) === record.at) return cell;
    }
    return -1;
  }

  /** The index cell of a name, or -1; the record lies in `#read` then. */
  #cellOf(key: RecordKey): number {
    const { high, low } = key;
    const shard = this.index.shard(high);
    if (shard === undefined) return -1;
    for (let cell = shard.first(high, low); cell >= 0; cell = shard.next(cell, high, low)) {
      this.#load(shard.chunk(cell), shard.offset(cell), shard.length(cell));
      if (this.#isRecordOf(key)) return cell;
    }
    return -1;
  }

  /** The cell of a name that has one: its record is only read where another name has the same hash. */
  #storedCell(key: RecordKey): number {
    const { high, low } = key;
    const shard = this.index.shard(high);
    const cell = shard?.first(high, low) ?? -1;
    if (shard === undefined || cell < 0 || shard.next(cell, high, low) >= 0) return this.#cellOf(key);
    return cell;
  }

  #hasKey(key: RecordKey): boolean {
    const { bytes, view, at } = this.#read;
    return (
      view.getUint32(at + 12, true) === key.keyLength &&
      key.equals(bytes, at + RECORD_HEAD_BYTES, key.keyLength)
    );
  }

  #valueRead(): FrameReader {
    const { bytes, view, at } = this.#read;
    const { valueAt, end } = recordAt(view, at);
    this.#reader.open(bytes.subarray(valueAt, end));
    return this.#reader;
  }

  #isRecordOf(key: RecordKey): boolean {
    const { bytes, view, at } = this.#read;
    return (
      view.getUint32(at + 12, true) === key.keyLength &&
      view.getUint32(at + 16, true) === key.length - key.keyLength &&
      key.equals(bytes, at + RECORD_HEAD_BYTES)
    );
  }

  /** Reads a record into `#read`. */
  #load(id: number, offset: number, length: number): void {
    const chunk = this.chunks.get(id);
    const read = this.#read;
    if (chunk?.open !== undefined) {
      read.bytes = chunk.open.bytes;
      read.view = chunk.open.view;
      read.at = offset;
      return;
    }
    if (chunk?.extent === undefined) {
      throw new StateDiskError(`Cannot read state: chunk ${id} of "${this.options.name}" is not there`);
    }
    if (length > this.#buffer.byteLength) {
      this.#buffer = new Uint8Array(2 * length);
      this.#bufferView = new DataView(this.#buffer.buffer);
    }
    this.#fill(chunk.extent, offset, length);
    read.bytes = this.#buffer;
    read.view = this.#bufferView;
    read.at = 0;
  }

  #fill({ segment, base }: Extent, offset: number, length: number): void {
    segment.file.read(this.#buffer, base + offset, length);
    if (!isIntact(this.#bufferView, 0, length)) {
      throw new StateDiskError(
        `Cannot read state: the record at ${base + offset} of file "${segment.file.name}" is not what was written; the job restores its last checkpoint`,
      );
    }
  }

  /** Makes a record the last word on its name. */
  #place(
    key: RecordKey,
    cell: number,
    place: { readonly chunk: StoredChunk; readonly offset: number; readonly length: number },
  ): void {
    const { chunk, offset, length } = place;
    chunk.liveBytes += length;
    const shard = this.index.shard(key.high);
    if (cell < 0 || shard === undefined) {
      this.index.insert(key.high, key.low, { chunk: chunk.id, offset, length });
      this.#members?.add(key.group, key);
      return;
    }
    this.#bury(shard.chunk(cell), shard.length(cell));
    shard.move(cell, { chunk: chunk.id, offset, length });
  }

  #forget(key: RecordKey, cell: number): void {
    const shard = this.index.shard(key.high);
    if (shard !== undefined) this.#bury(shard.chunk(cell), shard.length(cell));
    this.index.remove(key.high, cell);
    this.#members?.remove(key.group, key);
  }

  #bury(id: number, length: number): void {
    const chunk = this.chunks.get(id);
    if (chunk !== undefined) chunk.liveBytes -= length;
  }

  /** The chunk to write to, with room for so many bytes more. */
  #chunkFor(bytes: number, owed: boolean): StoredChunk & { readonly open: OpenChunk } {
    let chunk = owed ? this.#owed : this.#log;
    if (chunk?.open !== undefined && chunk.open.entries > 0 && chunk.open.length + bytes > this.chunkBytes) {
      this.#write(chunk);
      this.#chain.add(chunk, owed);
      chunk = undefined;
    }
    if (chunk?.open === undefined) {
      chunk = this.#begun();
      if (owed) this.#owed = chunk;
      else this.#log = chunk;
    }
    return chunk as StoredChunk & { readonly open: OpenChunk }; // begun above where it was not open
  }

  #begun(): StoredChunk {
    const chunk = this.#newChunk();
    chunk.open = this.#spare.pop() ?? new OpenChunk(Math.min(OPEN_BYTES, this.chunkBytes));
    chunk.open.begin(this.#layout);
    this.chunks.set(chunk.id, chunk);
    return chunk;
  }

  #newChunk(): StoredChunk {
    return {
      id: this.#nextId++,
      open: undefined,
      extent: undefined,
      entries: 0,
      liveBytes: 0,
      tombstones: 0,
      gone: false,
    };
  }

  #write(chunk: StoredChunk): StoredChunk {
    const { open } = chunk;
    if (open !== undefined) {
      chunk.entries = open.entries;
      chunk.extent = this.segments.append(open.finish());
      chunk.open = undefined;
      this.#spare.push(open);
      this.changed = true;
    }
    return chunk;
  }
}
