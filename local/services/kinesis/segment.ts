/** One file of a shard's log: frames one after the other, named by the sequence of the first. */
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { CorruptDataError } from '../corrupt-data-error.ts';
import {
  claimedFrameBytes,
  decodeFrame,
  encodeFrame,
  frameArrivedAt,
  frameBytes,
  frameSequence,
  isFrameIntact,
} from './frame.ts';
import type { RecordMark, StoredRecord } from './frame.ts';
import { SparseIndex } from './sparse-index.ts';

const readChunkBytes = 256 * 1024;
const nameDigits = 16;
const extension = '.log';

/** What a read of a segment found. */
export interface SegmentRead {
  readonly records: StoredRecord[];
  /** Where the next read goes on. */
  readonly offset: number;
}

/** How much a read may take. */
export interface ReadBudget {
  readonly records: number;
  readonly bytes: number;
}

/** A segment file. Only the last one of a shard is written to; the others are opened for each read. */
export class Segment {
  readonly file: string;
  /** Sequence of its first record. */
  readonly base: number;
  #size: number;
  #firstArrivedAt: number;
  #lastArrivedAt: number | undefined;
  #index: SparseIndex | undefined;
  #appendTo: number | undefined;

  private constructor(file: string, size: number) {
    this.file = file;
    this.base = Number(path.basename(file, extension));
    this.#size = size;
    this.#firstArrivedAt = Infinity;
  }

  static isSegmentFile(name: string): boolean {
    return /^\d{16}\.log$/.test(name);
  }

  /** Creates the file for records from sequence `base` on. */
  static create(directory: string, base: number): Segment {
    const segment = new Segment(path.join(directory, String(base).padStart(nameDigits, '0') + extension), 0);
    segment.#appendTo = openSync(segment.file, 'w+');
    segment.#index = new SparseIndex();
    return segment;
  }

  /** Opens a file that is followed by another one; it is trusted until it is read. */
  static openSealed(file: string): Segment {
    const fd = openSync(file, 'r');
    try {
      const segment = new Segment(file, fstatSync(fd).size);
      const head = Buffer.alloc(Math.min(readChunkBytes, segment.#size));
      readSync(fd, head, 0, head.length, 0);
      if (head.length > 0) segment.#firstArrivedAt = frameArrivedAt(head, 0);
      return segment;
    } finally {
      closeSync(fd);
    }
  }

  /** Opens the last file of a shard and cuts off the frame that a crash left half written; `last` is its last record. */
  static openForAppend(file: string): { readonly segment: Segment; readonly last: RecordMark | undefined } {
    const bytes = readFileSync(file);
    const segment = new Segment(file, 0);
    const index = new SparseIndex();
    let last: RecordMark | undefined;
    for (let size = frameBytes(bytes, 0); size > 0; size = frameBytes(bytes, segment.#size)) {
      if (!isFrameIntact(bytes, segment.#size, size)) break;
      // Only its mark: a whole record would hold on to the bytes of the file.
      last = {
        sequence: frameSequence(bytes, segment.#size),
        arrivedAt: frameArrivedAt(bytes, segment.#size),
      };
      segment.#note(index, last, segment.#size);
      segment.#size += size;
    }
    segment.#index = index;
    segment.#appendTo = openSync(file, 'r+');
    if (segment.#size < bytes.length) segment.#repair(bytes, last?.sequence ?? 0);
    return { segment, last };
  }

  get size(): number {
    return this.#size;
  }

  /** When its first record arrived; Infinity while it has none. */
  get firstArrivedAt(): number {
    return this.#firstArrivedAt;
  }

  /** When its newest record arrived; undefined while that would take a read of the whole file. */
  get lastArrivedAt(): number | undefined {
    return this.#lastArrivedAt;
  }

  /** Appends records in one write. They survive the end of this process at any time after the return. */
  append(records: readonly StoredRecord[]): void {
    const fd = this.#appendTo;
    if (fd === undefined) throw new Error(`Cannot append to "${this.file}": it is sealed`);
    const frames = records.map(encodeFrame);
    const bytes = frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames);
    try {
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(fd, bytes, written, bytes.length - written, this.#size + written);
      }
    } catch (error) {
      // Half a batch must not stay behind what is written next.
      ftruncateSync(fd, this.#size);
      throw error;
    }
    let offset = this.#size;
    for (const [i, record] of records.entries()) {
      if (this.#index !== undefined) this.#note(this.#index, record, offset);
      offset += frames[i]?.length ?? 0;
    }
    this.#size = offset;
  }

  /** Ends the writing; the file can still be read. */
  seal(): void {
    if (this.#appendTo !== undefined) closeSync(this.#appendTo);
    this.#appendTo = undefined;
  }

  /** Reads records from a frame's offset on, in file order, until the budget or the segment ends. */
  read(offset: number, budget: ReadBudget): SegmentRead {
    const records: StoredRecord[] = [];
    let position = offset;
    let bytesLeft = budget.bytes;
    this.#withFile((fd) => {
      while (position < this.#size && records.length < budget.records && bytesLeft > 0) {
        const chunk = this.#chunk(fd, position);
        let at = 0;
        for (let size = frameBytes(chunk, 0); size > 0; size = frameBytes(chunk, at)) {
          if (records.length >= budget.records || bytesLeft <= 0) break;
          if (!isFrameIntact(chunk, at, size)) throw this.#corrupt(position + at);
          records.push(decodeFrame(chunk, at, size));
          at += size;
          bytesLeft -= size;
        }
        if (at === 0) throw this.#corrupt(position);
        position += at;
      }
    });
    return { records, offset: position };
  }

  /** Arrival of the record at a frame's offset, for the lag of a reader. */
  arrivedAt(offset: number): number {
    return this.read(offset, { records: 1, bytes: 1 }).records[0]?.arrivedAt ?? Infinity;
  }

  /** Offset of the first record whose sequence is at least `sequence`; the size if there is none. */
  offsetOfSequence(sequence: number): number {
    if (sequence <= this.base) return 0;
    return this.#scan(
      this.#sparseIndex().beforeSequence(sequence),
      (chunk, at) => frameSequence(chunk, at) >= sequence,
    );
  }

  /** Offset of the first record that arrived at `arrivedAt` or later; the size if there is none. */
  offsetOfArrival(arrivedAt: number): number {
    return this.#scan(
      this.#sparseIndex().beforeArrival(arrivedAt),
      (chunk, at) => frameArrivedAt(chunk, at) >= arrivedAt,
    );
  }

  #note(index: SparseIndex, record: RecordMark, offset: number): void {
    if (offset === 0) this.#firstArrivedAt = record.arrivedAt;
    this.#lastArrivedAt = record.arrivedAt;
    index.add(record.sequence, record.arrivedAt, offset);
  }

  /** A sealed segment is indexed when it is first searched: a start must not read all history. */
  #sparseIndex(): SparseIndex {
    if (this.#index !== undefined) return this.#index;
    const index = new SparseIndex();
    this.#scan(0, (chunk, at, position) => {
      index.add(frameSequence(chunk, at), frameArrivedAt(chunk, at), position);
      return false;
    });
    this.#index = index;
    return index;
  }

  #scan(from: number, found: (chunk: Buffer, at: number, position: number) => boolean): number {
    let position = from;
    return this.#withFile((fd) => {
      while (position < this.#size) {
        const chunk = this.#chunk(fd, position);
        let at = 0;
        for (let size = frameBytes(chunk, 0); size > 0; size = frameBytes(chunk, at)) {
          if (found(chunk, at, position + at)) return position + at;
          at += size;
        }
        if (at === 0) throw this.#corrupt(position);
        position += at;
      }
      return this.#size;
    });
  }

  /** Some bytes from `position`, enough for at least one frame if the frame there is whole. */
  #chunk(fd: number, position: number): Buffer {
    const available = this.#size - position;
    let chunk = this.#bytes(fd, position, Math.min(readChunkBytes, available));
    const claimed = claimedFrameBytes(chunk, 0);
    if (claimed > chunk.length && claimed <= available) chunk = this.#bytes(fd, position, claimed);
    return chunk;
  }

  #bytes(fd: number, position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
  }

  #withFile<T>(use: (fd: number) => T): T {
    if (this.#appendTo !== undefined) return use(this.#appendTo);
    const fd = openSync(this.file, 'r');
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** A torn tail has nothing whole behind it; a bad frame with good ones behind it was damaged, and is not cut. */
  #repair(bytes: Buffer, lastSequence: number): void {
    for (let at = this.#size + 1; at < bytes.length; at++) {
      const size = frameBytes(bytes, at);
      if (size === 0 || !isSequenceAfter(frameSequence(bytes, at), lastSequence)) continue;
      if (!isFrameIntact(bytes, at, size)) continue;
      this.seal();
      throw this.#corrupt(this.#size);
    }
    if (this.#appendTo !== undefined) ftruncateSync(this.#appendTo, this.#size);
  }

  #corrupt(offset: number): CorruptDataError {
    return new CorruptDataError(this.file, `the record at byte ${offset} is damaged`);
  }
}

function isSequenceAfter(sequence: number, last: number): boolean {
  return Number.isSafeInteger(sequence) && sequence > last;
}
