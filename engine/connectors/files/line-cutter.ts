/**
 * Lines that came with one chunk. They are kept as places in its bytes: an object for each would live until it is read,
 * and cost more than reading it.
 */
export interface Lines {
  readonly bytes: Uint8Array;
  /** Where in `bytes` each line begins and ends, without its line feed. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
  /** Where each line begins, as an offset into all bytes that were given. */
  readonly starts: readonly number[];
  /** Where the line behind the last one begins. */
  readonly end: number;
}

/** Lines `from` to `to - 1`, which share the memory of their chunk. */
export function payloadsOf({ bytes, begins, ends }: Lines, from: number, to: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let index = from; index < to; index++) {
    const begin = begins[index] ?? 0;
    payloads.push(new Uint8Array(bytes.buffer, bytes.byteOffset + begin, (ends[index] ?? begin) - begin));
  }
  return payloads;
}

const LINE_FEED = 10;

/** The longest line that is read as one; of a longer one only the beginning is kept, to be shown. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;
const KEPT_BYTES = 4096;

/** Cuts a stream of bytes into lines without their line feed. */
export class LineCutter {
  #at: number;
  #start: number;
  #parts: Uint8Array[] = [];
  #partBytes = 0;

  constructor(at: number) {
    this.#at = at;
    this.#start = at;
  }

  /** The lines that end in the chunk: one that began before by itself, and the others, which share its memory. */
  cut(chunk: Uint8Array): readonly Lines[] {
    const first = chunk.indexOf(LINE_FEED);
    if (first === -1) {
      this.#at += chunk.length;
      this.#keep(chunk);
      return [];
    }
    const joined = this.#parts.length === 0 ? [] : [this.#joined(chunk.subarray(0, first), first + 1)];
    const from = joined.length === 0 ? 0 : first + 1;
    const lines = this.#linesOf(chunk, from);
    this.#at += chunk.length;
    const kept = this.#start - (this.#at - chunk.length);
    if (kept < chunk.length) this.#keep(chunk.subarray(kept));
    return lines.starts.length === 0 ? joined : [...joined, lines];
  }

  /** What stands behind the last line feed, where a file does not end with one. */
  rest(): readonly Lines[] {
    return this.#at === this.#start ? [] : [this.#joined(new Uint8Array(), 0)];
  }

  /** All that end in the chunk behind `from`. */
  #linesOf(bytes: Uint8Array, from: number): Lines {
    const [begins, ends, starts]: [number[], number[], number[]] = [[], [], []];
    let begin = from;
    for (let feed = bytes.indexOf(LINE_FEED, from); feed !== -1; feed = bytes.indexOf(LINE_FEED, begin)) {
      begins.push(begin);
      ends.push(feed);
      starts.push(this.#at + begin);
      begin = feed + 1;
    }
    this.#start = this.#at + begin;
    return { bytes, begins, ends, starts, end: this.#start };
  }

  /** The line of which parts came before; `taken` bytes of the chunk at hand belong to it. */
  #joined(tail: Uint8Array, taken: number): Lines {
    const bytes = Buffer.concat([...this.#parts, tail]);
    const starts = [this.#start];
    this.#parts = [];
    this.#partBytes = 0;
    this.#start = this.#at + taken;
    return { bytes, begins: [0], ends: [bytes.length], starts, end: this.#start };
  }

  /** Beyond the longest line nothing is gathered: half a file without a line feed must not fill the memory. */
  #keep(part: Uint8Array): void {
    if (this.#partBytes > LINE_BYTES_MAX) return;
    this.#parts.push(part);
    this.#partBytes += part.length;
    if (this.#partBytes > LINE_BYTES_MAX) this.#parts = [tooLong(this.#parts)];
  }
}

/** A line that was cut because it is too long begins so; no JSON does. */
const TOO_LONG = Buffer.from(`\u0000longer than ${LINE_BYTES_MAX / 1024 / 1024} MB: `);

function tooLong(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([TOO_LONG, ...parts]).subarray(0, KEPT_BYTES);
}
