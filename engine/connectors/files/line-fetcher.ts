import { awaitRetry } from '../aws/retry.ts';
import type { ConnectorHost } from '../connector.ts';
import { FileFault } from './file-store.ts';
import type { FileStore } from './file-store.ts';
import type { FileSplit } from './file-split.ts';
import { gunzipped } from './gunzipped.ts';
import { LineCutter } from './line-cutter.ts';
import type { Lines } from './line-cutter.ts';

/** Read ahead of the records that were taken. */
const AHEAD_BYTES_MAX = 1024 * 1024;
/** The last line of a part ends in the next one; so much of that is asked for at a time. */
const TAIL_BYTES = 64 * 1024;

/**
 * Fetches the lines of one split, a bounded number of bytes ahead of whoever takes them.
 * What it has is taken by `take`; an error that no retry heals stays in `failure`.
 */
export class LineFetcher {
  readonly #store: FileStore;
  readonly #split: FileSplit;
  readonly #host: ConnectorHost;
  readonly #wake: () => void;
  #next: number;
  #ready: Lines[] = [];
  #readyBytes = 0;
  #resume: (() => void) | undefined;
  #closed = false;
  /** All lines are fetched. */
  ended = false;
  failure: Error | undefined;

  constructor(store: FileStore, split: FileSplit, host: ConnectorHost, wake: () => void) {
    this.#store = store;
    this.#split = split;
    this.#host = host;
    this.#wake = wake;
    this.#next = split.next;
    void this.#run();
  }

  take(): Lines | undefined {
    const lines = this.#ready.shift();
    if (lines === undefined) return undefined;
    this.#readyBytes -= bytesOf(lines);
    if (this.#readyBytes < AHEAD_BYTES_MAX) this.#resume?.();
    return lines;
  }

  close(): void {
    this.#closed = true;
    this.#resume?.();
  }

  async #run(): Promise<void> {
    try {
      for (let attempt = 0; !this.#closed && !this.ended; attempt++) await this.#attempt(attempt);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
    if (!this.#closed) this.#wake();
  }

  async #attempt(attempt: number): Promise<void> {
    const { file, compressed } = this.#split;
    try {
      await (compressed ? this.#fetchCompressed() : this.#fetchRange());
      this.ended = !this.#closed;
    } catch (error) {
      if (error instanceof FileFault) throw error;
      if (this.#closed) return;
      await awaitRetry(this.#host, error, attempt, { operation: 'read', subject: `file "${file.name}"` });
    }
  }

  async #fetchRange(): Promise<void> {
    const { from, to } = this.#split;
    if (this.#next >= to) return;
    // Whether a line begins at `from` is told by the byte before; the line that this belongs to is another part's.
    const skips = this.#next === from && from > 0;
    const start = skips ? from - 1 : this.#next;
    const cutter = new LineCutter(start);
    for await (const chunk of this.#bytes(start)) {
      for (const lines of cutter.cut(chunk)) await this.#offer(within(lines, this.#next, to));
      if (this.#closed || this.#next >= to) return;
    }
    for (const lines of cutter.rest()) await this.#offer(within(lines, this.#next, to));
  }

  /** The bytes of the part, and then those of the next one for as long as they are asked for. */
  async *#bytes(from: number): AsyncIterable<Uint8Array> {
    const { file, to } = this.#split;
    for (let at = from; at < file.sizeBytes;) {
      const end = at < to ? to : Math.min(at + TAIL_BYTES, file.sizeBytes);
      for await (const chunk of this.#store.read(file, at, end)) {
        at += chunk.length;
        yield chunk;
      }
      if (at < end) throw new Error(`The answer ended at byte ${at} instead of ${end}.`);
    }
  }

  /** Gzip cannot be entered in the middle: what was read before is read again and passed over. */
  async #fetchCompressed(): Promise<void> {
    const { file } = this.#split;
    const cutter = new LineCutter(0);
    let number = 0;
    for await (const chunk of gunzipped(file.name, this.#bytes(0))) {
      for (const cut of cutter.cut(chunk)) {
        const lines = numbered(cut, number);
        number = lines.end;
        await this.#offer(within(lines, this.#next, Infinity));
      }
      if (this.#closed) return;
    }
    for (const cut of cutter.rest()) await this.#offer(within(numbered(cut, number), this.#next, Infinity));
  }

  /** Hands lines over and returns when there is room for more. */
  async #offer(lines: Lines): Promise<void> {
    this.#next = Math.max(this.#next, lines.end);
    if (lines.starts.length === 0 || this.#closed) return;
    this.#ready.push(lines);
    this.#readyBytes += bytesOf(lines);
    this.#wake();
    while (this.#readyBytes >= AHEAD_BYTES_MAX && !this.#closed) await this.#taken();
  }

  #taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }
}

/** The lines that begin at `from` or behind it, and before `to`. */
function within(lines: Lines, from: number, to: number): Lines {
  const { starts } = lines;
  if ((starts[0] ?? from) >= from && (starts.at(-1) ?? from) < to) return lines;
  const outside = starts.findIndex((start) => start >= from);
  const first = outside === -1 ? starts.length : outside;
  const behind = starts.findIndex((start) => start >= to);
  const last = behind === -1 ? starts.length : behind;
  return {
    ...lines,
    begins: lines.begins.slice(first, last),
    ends: lines.ends.slice(first, last),
    starts: starts.slice(first, last),
  };
}

function numbered(lines: Lines, first: number): Lines {
  const starts = lines.starts.map((_, index) => first + index);
  return { ...lines, starts, end: first + starts.length };
}

/** What a line costs besides its bytes counts too, or a file of line feeds would have no bound. */
const PLACE_BYTES = 32;

function bytesOf({ starts, begins, ends }: Lines): number {
  return (ends.at(-1) ?? 0) - (begins[0] ?? 0) + starts.length * PLACE_BYTES;
}
