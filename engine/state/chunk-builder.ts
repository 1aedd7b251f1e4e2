import { FRAME_HEADER_BYTES, FrameWriter } from '../data/frame-writer.ts';
import { FORMAT_2, LENGTH_BYTES } from './chunk-format.ts';
import type { StateLayout } from './state-layout.ts';

/** A frame is closed, which joins its strings, in a fraction of a millisecond. */
const FRAME_ENTRIES_MAX = 4096;
const FRAME_BYTES_MAX = 65_536;

/** So large that storage has little to do for each, so small that a thread can hand one over in passing. */
const CHUNK_BYTES = 1_048_576;

/** A chunk that is complete. */
export interface BuiltChunk {
  readonly entries: number;
  readonly bytes: Uint8Array;
}

/** Puts entries into frames, and frames into chunks of about 1 MB. */
export class ChunkBuilder {
  readonly #header: Uint8Array;
  #frame: FrameWriter | undefined;
  #frameEntries = 0;
  #chunk = new Uint8Array(0);
  #used = 0;
  #entries = 0;

  constructor(layout: StateLayout) {
    const text = Buffer.from(JSON.stringify(layout));
    const header = Buffer.alloc(2 * LENGTH_BYTES + text.byteLength);
    header.writeUInt32LE(FORMAT_2, 0);
    header.writeUInt32LE(text.byteLength, LENGTH_BYTES);
    header.set(text, 2 * LENGTH_BYTES);
    this.#header = header;
  }

  /** Where the next entry is to be written; {@link added} is to be called behind it. */
  entry(): FrameWriter {
    const frame = (this.#frame ??= new FrameWriter());
    if (this.#frameEntries === 0) {
      frame.reset();
      frame.u32(0);
    }
    this.#frameEntries++;
    return frame;
  }

  /** An entry was written; gives the chunk that it fills. */
  added(): BuiltChunk | undefined {
    if (this.#frameEntries < FRAME_ENTRIES_MAX && (this.#frame?.length ?? 0) < FRAME_BYTES_MAX) {
      return undefined;
    }
    this.#closeFrame();
    return this.#used >= CHUNK_BYTES ? this.flush() : undefined;
  }

  /** The chunk of what was written since the last one; undefined where that is nothing. */
  flush(): BuiltChunk | undefined {
    this.#closeFrame();
    if (this.#entries === 0) {
      return undefined;
    }
    const chunk = { entries: this.#entries, bytes: exact(this.#chunk, this.#used) };
    this.clear();
    return chunk;
  }

  /** Forgets what was written since the last chunk. */
  clear(): void {
    this.#frameEntries = 0;
    this.#chunk = new Uint8Array(0);
    this.#used = 0;
    this.#entries = 0;
  }

  #closeFrame(): void {
    const frame = this.#frame;
    if (frame === undefined || this.#frameEntries === 0) {
      return;
    }
    frame.patchU32(FRAME_HEADER_BYTES, this.#frameEntries);
    const bytes = frame.finish();
    this.#reserve(bytes.byteLength + LENGTH_BYTES);
    const view = new DataView(this.#chunk.buffer);
    view.setUint32(this.#used, bytes.byteLength, true);
    this.#chunk.set(bytes, this.#used + LENGTH_BYTES);
    this.#used += bytes.byteLength + LENGTH_BYTES;
    this.#entries += this.#frameEntries;
    this.#frameEntries = 0;
  }

  #reserve(bytes: number): void {
    const header = this.#used === 0 ? this.#header : undefined;
    const needed = this.#used + bytes + (header?.byteLength ?? 0);
    if (needed > this.#chunk.byteLength) {
      // Most tables fill one frame; those that fill a second fill many.
      const full = CHUNK_BYTES + 2 * FRAME_BYTES_MAX;
      const grown = new Uint8Array(header === undefined ? Math.max(needed, full) : needed);
      grown.set(this.#chunk.subarray(0, this.#used));
      this.#chunk = grown;
    }
    if (header !== undefined) {
      this.#chunk.set(header);
      this.#used = header.byteLength;
    }
  }
}

/** The bytes in a buffer of their own length, unless hardly anything is wasted. */
function exact(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const wasted = bytes.byteLength - length;
  return wasted > length / 4 ? bytes.slice(0, length) : bytes.subarray(0, length);
}
