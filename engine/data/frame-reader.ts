import { FRAME_HEADER_BYTES } from './frame-writer.ts';
import type { RowBuilder } from './row-shapes.ts';
import { SLICED_LENGTH, textsMayPin, unpinnedString } from './unpinned-string.ts';

/** By the number in the header: BLOB_LATIN1, BLOB_UTF8, BLOB_UTF16. */
const ENCODINGS = ['latin1', 'utf8', 'utf16le'] as const;

/** Public in Node and absent from its types; the public method looks its encoding up on every call. */
interface Latin1Text {
  latin1Slice(start: number, end: number): string;
}

/** A frame ended before what it should hold; the bytes are damaged or of another format. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * Reads what a `FrameWriter` wrote, in the same order.
 *
 * Contract: nothing that it returns aliases the bytes. Strings of 13 characters and more keep the blob of their
 * frame alive (V8 slices it), so whoever stores one for long must copy it with `unpinned`, or ask for `ownStrings`.
 */
export class FrameReader {
  /** Builders of the shapes met in this frame, by number; only the self-describing codec uses it. */
  readonly shapes: RowBuilder[] = [];
  /** Strings read from now on have memory of their own, in a third of the time that a later copy takes. */
  ownStrings = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #position = 0;
  #blob = '';
  #blobPosition = 0;
  /** Undefined where bytes are not characters. */
  #text: Latin1Text | undefined;
  #textStart = 0;

  /** Starts at the front of a frame. */
  open(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < FRAME_HEADER_BYTES) {
      throw new FrameError(
        `Cannot read frame: it has ${bytes.byteLength} bytes, its header alone has ${FRAME_HEADER_BYTES}`,
      );
    }
    const fixedEnd = view.getUint32(0, true);
    const blobBytes = view.getUint32(4, true);
    const encoding = ENCODINGS[view.getUint32(8, true)];
    if (encoding === undefined || fixedEnd + blobBytes !== bytes.byteLength) {
      throw new FrameError(
        `Cannot read frame: its header says ${fixedEnd} + ${blobBytes} bytes, it has ${bytes.byteLength}`,
      );
    }
    if (blobBytes > 0) {
      textsMayPin();
    }
    this.#bytes = bytes;
    this.#view = view;
    this.#position = FRAME_HEADER_BYTES;
    // Most frames of state have no text, and the call costs as much as reading the rest.
    this.#blob =
      blobBytes === 0
        ? ''
        : Buffer.from(bytes.buffer, bytes.byteOffset + fixedEnd, blobBytes).toString(encoding);
    this.#blobPosition = 0;
    this.#textStart = fixedEnd;
    this.#text =
      this.ownStrings && encoding === 'latin1'
        ? (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as Latin1Text) // see Latin1Text
        : undefined;
    this.shapes.length = 0;
  }

  u8(): number {
    return this.#view.getUint8(this.#position++);
  }

  u32(): number {
    const at = this.#position;
    this.#position = at + 4;
    return this.#view.getUint32(at, true);
  }

  i32(): number {
    const at = this.#position;
    this.#position = at + 4;
    return this.#view.getInt32(at, true);
  }

  f64(): number {
    const at = this.#position;
    this.#position = at + 8;
    return this.#view.getFloat64(at, true);
  }

  i64(): bigint {
    const at = this.#position;
    this.#position = at + 8;
    return this.#view.getBigInt64(at, true);
  }

  string(): string {
    const start = this.#blobPosition;
    const end = start + this.u32();
    this.#blobPosition = end;
    return this.ownStrings && end - start >= SLICED_LENGTH
      ? this.#ownString(start, end)
      : this.#blob.substring(start, end);
  }

  #ownString(start: number, end: number): string {
    const text = this.#text;
    // A damaged length must not reach into whatever lies behind the frame.
    if (text === undefined || end > this.#blob.length) {
      return unpinnedString(this.#blob.substring(start, end));
    }
    return text.latin1Slice(this.#textStart + start, this.#textStart + end);
  }

  bytes(): Uint8Array {
    const length = this.u32();
    const at = this.#position;
    this.#position = at + length;
    return this.#bytes.slice(at, at + length);
  }
}
