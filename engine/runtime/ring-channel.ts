import type { BatchCodec } from '../data/batch-codec.ts';
import { FrameWriter } from '../data/frame-writer.ts';
import { BATCH_SIZE, recordBatch } from '../data/record-batch.ts';
import type { InputChannel, OutputChannel } from './channel.ts';
import { NOTHING, RECORDS, type Element, type Mark } from './element.ts';
import { maxPayloadBytes, RingReader, RingWriter } from './ring.ts';

/** Set in a frame's kind when the next frame goes on with it: a record may be larger than the ring. */
const CONTINUES = 0x100;
const MAX_FRAME_BYTES = 64 * 1024;

/** The writing end of a ring: batches become frames, frames without room wait in memory. */
export class RingOutput implements OutputChannel {
  bytes = 0;
  readonly #ring: RingWriter;
  readonly #codec: BatchCodec;
  readonly #wakeReader: () => void;
  readonly #maxFrameBytes: number;
  readonly #batch = recordBatch();
  readonly #frame = new FrameWriter();
  readonly #waiting: { readonly kind: number; readonly payload: Uint8Array }[] = [];

  constructor(memory: SharedArrayBuffer, codec: BatchCodec, wakeReader: () => void) {
    this.#ring = new RingWriter(memory);
    this.#maxFrameBytes = Math.min(MAX_FRAME_BYTES, maxPayloadBytes(memory));
    this.#codec = codec;
    this.#wakeReader = wakeReader;
  }

  makeRoom(): boolean {
    this.#drain();
    return this.#waiting.length === 0 && !this.#ring.readerBehind;
  }

  write(value: unknown, time: number): void {
    const batch = this.#batch;
    batch.values[batch.size] = value;
    batch.times[batch.size] = time;
    batch.size += 1;
    if (batch.size === BATCH_SIZE) this.#sendBatch();
  }

  mark(mark: Mark, number: number): void {
    this.#sendBatch();
    this.#send(mark, new Uint8Array(Float64Array.of(number).buffer));
  }

  flush(): void {
    this.#drain();
    this.#sendBatch();
  }

  #sendBatch(): void {
    const { size } = this.#batch;
    if (size === 0) return;
    this.#batch.size = 0;
    this.#codec.encodeBatch(this.#batch, 0, size, this.#frame);
    this.#send(RECORDS, this.#frame.finish());
  }

  #send(kind: number, payload: Uint8Array): void {
    this.bytes += payload.length;
    let start = 0;
    while (payload.length - start > this.#maxFrameBytes) {
      this.#sendFrame(kind | CONTINUES, payload.subarray(start, start + this.#maxFrameBytes));
      start += this.#maxFrameBytes;
    }
    this.#sendFrame(kind, payload.subarray(start));
  }

  #sendFrame(kind: number, payload: Uint8Array): void {
    this.#drain();
    if (this.#waiting.length === 0 && this.#ring.write(kind, payload)) this.#wakeReader();
    // The codec uses its buffer again, so a frame that must wait is copied.
    else this.#waiting.push({ kind, payload: payload.slice() });
  }

  #drain(): void {
    if (this.#waiting.length === 0) return;
    let sent = 0;
    for (const { kind, payload } of this.#waiting) {
      if (!this.#ring.write(kind, payload)) break;
      sent += 1;
    }
    if (sent === 0) return;
    this.#waiting.splice(0, sent);
    this.#wakeReader();
  }
}

/** The reading end of a ring. */
export class RingInput implements InputChannel {
  bytes = 0;
  number = 0;
  readonly batch = recordBatch();
  readonly #ring: RingReader;
  readonly #codec: BatchCodec;
  readonly #wakeWriter: () => void;
  // Frames are copied out before they are decoded: decoders of text refuse shared memory, and the room is free
  // at once.
  #frame = new Uint8Array(MAX_FRAME_BYTES);
  #filled = 0;

  constructor(memory: SharedArrayBuffer, codec: BatchCodec, wakeWriter: () => void) {
    this.#ring = new RingReader(memory);
    this.#codec = codec;
    this.#wakeWriter = wakeWriter;
  }

  poll(): Element {
    for (let part = this.#ring.peek(); part !== undefined; part = this.#ring.peek()) {
      const { kind } = this.#ring;
      this.#append(part);
      if (this.#ring.release()) this.#wakeWriter();
      if ((kind & CONTINUES) === 0) return this.#finish(kind);
    }
    return NOTHING;
  }

  fallBehind(behind: boolean): void {
    this.#ring.fallBehind(behind);
    if (!behind) this.#wakeWriter();
  }

  #append(part: Uint8Array): void {
    const need = this.#filled + part.length;
    if (need > this.#frame.length) {
      const grown = new Uint8Array(Math.max(need, 2 * this.#frame.length));
      grown.set(this.#frame.subarray(0, this.#filled));
      this.#frame = grown;
    }
    this.#frame.set(part, this.#filled);
    this.#filled = need;
  }

  #finish(kind: number): Element {
    const frame = this.#frame.subarray(0, this.#filled);
    this.bytes += this.#filled;
    this.#filled = 0;
    if (kind === RECORDS) {
      this.#codec.decodeFrame(frame, this.batch);
    } else {
      this.number = new Float64Array(frame.slice().buffer)[0] ?? 0;
    }
    // Only elements are ever written into a ring.
    return kind as Element;
  }
}
