/** Speed: bench/pipeline.ts and research "rowBlob"; one native call for all strings of a frame is 4 times faster than one per string. */

import { WrittenShapes } from './row-shapes.ts';

/** How the strings of a frame lie in its blob. */
export const BLOB_LATIN1 = 0;
export const BLOB_UTF8 = 1;
export const BLOB_UTF16 = 2;

/** Bytes before the fixed part: length of the fixed part, blob bytes, blob encoding (u32 each). */
export const FRAME_HEADER_BYTES = 12;

const INITIAL_BYTES = 16_384;

/**
 * Builds one frame: a fixed part of numbers, and behind it all strings in one blob.
 *
 * Contract: `reset`, any writes, `finish`; the bytes of `finish` are a view that the next `reset` invalidates.
 * Shape: little endian; a string is its length in UTF-16 units in the fixed part, its text in the blob.
 */
export class FrameWriter {
  /** Shapes of objects met in this frame; only the self-describing codec uses it. */
  readonly shapes = new WrittenShapes();
  #bytes: Uint8Array;
  #view: DataView;
  #position = FRAME_HEADER_BYTES;
  #strings: string[] = [];
  #characters = 0;

  constructor(initialBytes: number = INITIAL_BYTES) {
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Starts a new frame over the same memory. */
  reset(): void {
    this.#position = FRAME_HEADER_BYTES;
    this.#strings = [];
    this.#characters = 0;
    this.shapes.clear();
  }

  /** Bytes of the frame so far; strings count as one byte a character. */
  get length(): number {
    return this.#position + this.#characters;
  }

  /** Where the next byte of the fixed part goes; for `patchU32`. */
  get position(): number {
    return this.#position;
  }

  u8(value: number): void {
    const at = this.#position;
    this.#reserve(1);
    this.#bytes[at] = value;
    this.#position = at + 1;
  }

  u32(value: number): void {
    const at = this.#position;
    this.#reserve(4);
    this.#view.setUint32(at, value, true);
    this.#position = at + 4;
  }

  i32(value: number): void {
    const at = this.#position;
    this.#reserve(4);
    this.#view.setInt32(at, value, true);
    this.#position = at + 4;
  }

  f64(value: number): void {
    const at = this.#position;
    this.#reserve(8);
    this.#view.setFloat64(at, value, true);
    this.#position = at + 8;
  }

  i64(value: bigint): void {
    const at = this.#position;
    this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
    this.#position = at + 8;
  }

  string(value: string): void {
    this.u32(value.length);
    this.#strings.push(value);
    this.#characters += value.length;
  }

  bytes(value: Uint8Array): void {
    this.u32(value.byteLength);
    this.#reserve(value.byteLength);
    this.#bytes.set(value, this.#position);
    this.#position += value.byteLength;
  }

  /** Overwrites four bytes written before, such as a count that is known only now. */
  patchU32(position: number, value: number): void {
    this.#view.setUint32(position, value, true);
  }

  finish(): Uint8Array {
    const fixedEnd = this.#position;
    const blob = this.#strings.length === 1 ? (this.#strings[0] ?? '') : this.#strings.join('');
    const encoding = this.#writeBlob(blob);
    this.#view.setUint32(0, fixedEnd, true);
    this.#view.setUint32(4, this.#position - fixedEnd, true);
    this.#view.setUint32(8, encoding, true);
    return this.#bytes.subarray(0, this.#position);
  }

  #writeBlob(blob: string): number {
    if (!blob.isWellFormed()) {
      // UTF-8 has no lone surrogates; such a frame pays two bytes a character.
      this.#reserve(blob.length * 2);
      this.#position += Buffer.from(this.#bytes.buffer).write(blob, this.#position, 'utf16le');
      return BLOB_UTF16;
    }
    this.#reserve(blob.length * 3);
    // Public in Node and absent from its types; `write` looks its encoding up on every call.
    const buffer = Buffer.from(this.#bytes.buffer) as unknown as Utf8Buffer;
    const written = buffer.utf8Write(blob, this.#position);
    this.#position += written;
    return written === blob.length ? BLOB_LATIN1 : BLOB_UTF8;
  }

  #reserve(bytes: number): void {
    const needed = this.#position + bytes;
    if (needed > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.byteLength * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
  }
}

interface Utf8Buffer {
  utf8Write(text: string, offset: number): number;
}
