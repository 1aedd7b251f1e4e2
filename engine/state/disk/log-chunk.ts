import { crc32 } from 'node:zlib';
import { hashBytes } from './byte-hash.ts';
import type { RecordKey } from './record-key.ts';
import { StateDiskError } from './state-disk-error.ts';

/** "HWL1": Headwater log, format 1. */
const LOG_MAGIC = 0x314c5748;
/** Magic and length of the layout. */
const HEAD_BYTES = 8;
/** Number of records and CRC-32. */
const TAIL_BYTES = 8;

/** What a record says of its name: there is this value, or none any more. */
export const PUT = 1;
export const DELETE = 2;

/** Bytes before the key: length of the record, check of all that follows, operation and key group, two lengths. */
export const RECORD_HEAD_BYTES = 20;
const CHECKED_FROM = 8;

/** One record of a chunk, by its bounds. */
export interface LogRecord {
  readonly operation: number;
  readonly keyGroup: number;
  readonly keyLength: number;
  readonly idLength: number;
  /** Where the record begins, where its key and its value do, and where it ends. */
  readonly at: number;
  readonly keyAt: number;
  readonly valueAt: number;
  readonly end: number;
}

/** A chunk as it is read. */
export interface LogChunk {
  readonly bytes: Uint8Array;
  /** JSON of the layout that values are written in. */
  readonly layout: string;
  readonly entries: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A chunk that records are added to, in memory that is used again.
 *
 * Shape: magic, layout as JSON with its length, the records, their number, CRC-32 of all before. Every record is whole
 * by itself: a value is a frame of its own, so that one can be read without the others.
 */
export class OpenChunk {
  bytes: Uint8Array;
  view: DataView;
  length = 0;
  entries = 0;

  constructor(initialBytes: number) {
    this.bytes = new Uint8Array(initialBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  begin(layout: Uint8Array): void {
    this.entries = 0;
    this.length = HEAD_BYTES + layout.byteLength;
    this.#reserve(0);
    this.view.setUint32(0, LOG_MAGIC, true);
    this.view.setUint32(4, layout.byteLength, true);
    this.bytes.set(layout, HEAD_BYTES);
  }

  /** Adds a record and gives where it begins. */
  add(
    key: RecordKey,
    head: { readonly operation: number; readonly keyGroup: number },
    value: Uint8Array,
  ): number {
    const at = this.length;
    const length = RECORD_HEAD_BYTES + key.length + value.byteLength;
    this.#reserve(length);
    const { view, bytes } = this;
    view.setUint32(at, length, true);
    view.setUint32(at + 8, head.operation | (head.keyGroup << 8), true);
    view.setUint32(at + 12, key.keyLength, true);
    view.setUint32(at + 16, key.length - key.keyLength, true);
    const name = key.bytes;
    const keyAt = at + RECORD_HEAD_BYTES;
    for (let index = 0; index < key.length; index++) bytes[keyAt + index] = name[index] ?? 0;
    bytes.set(value, keyAt + key.length);
    view.setInt32(at + 4, hashBytes(view, at + CHECKED_FROM, at + length, length), true);
    this.length = at + length;
    this.entries++;
    return at;
  }

  /** Adds a record as it lies in another chunk. */
  copy(source: Uint8Array, { at, end }: { readonly at: number; readonly end: number }): number {
    const to = this.length;
    this.#reserve(end - at);
    this.bytes.set(source.subarray(at, end), to);
    this.length = to + end - at;
    this.entries++;
    return to;
  }

  /** The whole chunk; a view that `begin` invalidates. */
  finish(): Uint8Array {
    const { length } = this;
    this.#reserve(TAIL_BYTES);
    this.view.setUint32(length, this.entries, true);
    this.view.setUint32(length + 4, crc32(this.bytes.subarray(0, length + 4)), true);
    return this.bytes.subarray(0, length + TAIL_BYTES);
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed > this.bytes.byteLength) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.byteLength));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
  }
}

/** Opens a chunk that was written whole; throws where a byte of it has changed. */
export function openLogChunk(bytes: Uint8Array): LogChunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = bytes.byteLength - TAIL_BYTES;
  if (to < HEAD_BYTES || view.getUint32(0, true) !== LOG_MAGIC) {
    throw new StateDiskError(`Cannot read state: a chunk of ${bytes.byteLength} bytes has no head`);
  }
  if (crc32(bytes.subarray(0, to + 4)) !== view.getUint32(to + 4, true)) {
    throw new StateDiskError('Cannot read state: the checksum of a chunk does not match');
  }
  const from = HEAD_BYTES + view.getUint32(4, true);
  const layout = Buffer.from(bytes.buffer, bytes.byteOffset + HEAD_BYTES, from - HEAD_BYTES).toString();
  return { bytes, layout, entries: view.getUint32(to, true), from, to };
}

/** True for bytes that begin as a chunk of a log. */
export function isLogChunk(bytes: Uint8Array): boolean {
  return (
    bytes.byteLength >= HEAD_BYTES &&
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true) === LOG_MAGIC
  );
}

/** The records of a chunk, in their order. */
export function* recordsOf({ bytes, from, to }: LogChunk): Generator<LogRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at < to;) {
    const record = recordAt(view, at);
    yield record;
    at = record.end;
  }
}

/** The bounds of the record at `at`. */
export function recordAt(view: DataView, at: number): LogRecord {
  const head = view.getUint32(at + 8, true);
  const keyLength = view.getUint32(at + 12, true);
  const idLength = view.getUint32(at + 16, true);
  const keyAt = at + RECORD_HEAD_BYTES;
  return {
    operation: head & 0xff,
    keyGroup: head >>> 8,
    keyLength,
    idLength,
    at,
    keyAt,
    valueAt: keyAt + keyLength + idLength,
    end: at + view.getUint32(at, true),
  };
}

/** False where a bit of the record has changed since it was written. */
export function isIntact(view: DataView, at: number, length: number): boolean {
  return (
    view.getUint32(at, true) === length &&
    view.getInt32(at + 4, true) === hashBytes(view, at + CHECKED_FROM, at + length, length)
  );
}
