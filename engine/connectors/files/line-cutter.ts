/** Lines that came with one chunk. */
export interface Lines {
  readonly payloads: readonly Uint8Array[];
  /** Where each line begins, as an offset into all bytes that were given. */
  readonly starts: readonly number[];
  /** Where the line behind the last one begins. */
  readonly end: number;
}

const LINE_FEED = 10;

/** The longest line that is read as one; of a longer one only the beginning is kept, to be shown. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;
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

  /** The lines that end in the chunk. They share its memory. */
  cut(chunk: Uint8Array): Lines {
    const payloads: Uint8Array[] = [];
    const starts: number[] = [];
    let from = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, from)) {
      payloads.push(this.#line(chunk.subarray(from, feed)));
      starts.push(this.#start);
      from = feed + 1;
      this.#start = this.#at + from;
    }
    this.#at += chunk.length;
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return { payloads, starts, end: this.#start };
  }

  /** What stands behind the last line feed, where a file does not end with one. */
  rest(): Lines {
    if (this.#at === this.#start) return { payloads: [], starts: [], end: this.#at };
    const lines = { payloads: [this.#line(new Uint8Array())], starts: [this.#start], end: this.#at };
    this.#start = this.#at;
    return lines;
  }

  #line(tail: Uint8Array): Uint8Array {
    if (this.#parts.length === 0) return tail;
    const line = Buffer.concat([...this.#parts, tail]);
    this.#parts = [];
    this.#partBytes = 0;
    return line;
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
