/**
 * The form of a savepoint as one file (`.hwsp`): a magic number, then blocks of a length, a CRC-32 and bytes — the
 * manifest first, then every chunk it names, once and in its order — and a trailer with the number of chunks and the
 * SHA-256 of all before it. Numbers are little-endian.
 */
import { crc32 } from 'node:zlib';

const encoder = new TextEncoder();

export const FILE_MAGIC = encoder.encode('HWSP\u00001\r\n');
export const TRAILER_MAGIC = encoder.encode('HWSP-end');

/** Bytes of a block before its content: length and CRC-32. */
export const BLOCK_HEADER_BYTES = 8;

/** No engine writes blocks of this size; whoever claims one would have us take all memory. */
export const BLOCK_BYTES_MAX = 256 * 1024 * 1024;

/** What the trailer has behind its magic number: the number of chunks, and the hash. */
export const TRAILER_BYTES = 4 + 32;

export function blockHeader(bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(BLOCK_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint32(4, crc32(bytes), true);
  return header;
}

export function countBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, count, true);
  return bytes;
}

export function readU32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
