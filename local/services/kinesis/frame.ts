/**
 * One record on disk: `u32 crc | u32 length | f64 sequence | f64 arrival (ms) | u16 key length | key | data`.
 * `length` counts what follows it, `crc` covers everything behind itself. Big endian throughout.
 */
import { crc32 } from 'node:zlib';

const sequenceAt = 8;
const arrivedAt = 16;
const keyLengthAt = 24;
const keyAt = 26;
/** Bytes of a frame before its key. */
export const frameHeaderBytes = keyAt;
const crcBytes = 4;
const lengthEndsAt = 8;

// A record has at most 10 MiB and a key at most 256 characters; anything longer is no frame.
const frameBytesMax = 11 * 1024 * 1024;

/** Where a record stands in its shard. */
export interface RecordMark {
  readonly sequence: number;
  readonly arrivedAt: number;
}

/** A record as a shard stores it. */
export interface StoredRecord extends RecordMark {
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** Writes one record into a buffer of its own. */
export function encodeFrame(record: StoredRecord): Buffer {
  const keyBytes = Buffer.byteLength(record.partitionKey);
  const frame = Buffer.allocUnsafe(keyAt + keyBytes + record.data.length);
  frame.writeUInt32BE(frame.length - lengthEndsAt, crcBytes);
  frame.writeDoubleBE(record.sequence, sequenceAt);
  frame.writeDoubleBE(record.arrivedAt, arrivedAt);
  frame.writeUInt16BE(keyBytes, keyLengthAt);
  frame.write(record.partitionKey, keyAt, 'utf8');
  record.data.copy(frame, keyAt + keyBytes);
  frame.writeUInt32BE(crc32(frame.subarray(crcBytes)), 0);
  return frame;
}

/** Length of the frame at `offset` if the buffer holds all of it, else 0; says nothing about its checksum. */
export function frameBytes(buffer: Buffer, offset: number): number {
  if (offset + keyAt > buffer.length) return 0;
  const bytes = buffer.readUInt32BE(offset + crcBytes) + lengthEndsAt;
  return bytes < keyAt || bytes > frameBytesMax || offset + bytes > buffer.length ? 0 : bytes;
}

/** Length that the frame at `offset` claims, for a reader that must know how much to read. */
export function claimedFrameBytes(buffer: Buffer, offset: number): number {
  if (offset + lengthEndsAt > buffer.length) return keyAt;
  const bytes = buffer.readUInt32BE(offset + crcBytes) + lengthEndsAt;
  return bytes > frameBytesMax ? keyAt : bytes;
}

export function isFrameIntact(buffer: Buffer, offset: number, bytes: number): boolean {
  return crc32(buffer.subarray(offset + crcBytes, offset + bytes)) === buffer.readUInt32BE(offset);
}

export function frameSequence(buffer: Buffer, offset: number): number {
  return buffer.readDoubleBE(offset + sequenceAt);
}

export function frameArrivedAt(buffer: Buffer, offset: number): number {
  return buffer.readDoubleBE(offset + arrivedAt);
}

/** Reads the record of a whole, intact frame; its data is a view of the buffer. */
export function decodeFrame(buffer: Buffer, offset: number, bytes: number): StoredRecord {
  const dataAt = offset + keyAt + buffer.readUInt16BE(offset + keyLengthAt);
  return {
    sequence: frameSequence(buffer, offset),
    arrivedAt: frameArrivedAt(buffer, offset),
    partitionKey: buffer.toString('utf8', offset + keyAt, dataAt),
    data: buffer.subarray(dataAt, offset + bytes),
  };
}
