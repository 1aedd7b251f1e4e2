import { BATCH_SIZE, NO_TIME } from '../../data/record-batch.ts';
import type { RecordBatch } from '../../data/record-batch.ts';
import type { ConnectorHost, PolledBatch, Split, SplitReader, UndecodableRecord } from '../connector.ts';
import type { RecordDecoder } from '../formats/record-decoder.ts';
import { decodeSplit, encodeSplit } from './file-split.ts';
import type { FileSplit } from './file-split.ts';
import type { FileStore } from './file-store.ts';
import { type Lines, payloadsOf } from './line-cutter.ts';
import { LineFetcher } from './line-fetcher.ts';
import type { StartTimes } from './start-times.ts';

const PREVIEW_LENGTH = 500;

interface FileCursor {
  readonly id: string;
  readonly split: FileSplit;
  readonly fetcher: LineFetcher;
  next: number;
  lines: Lines | undefined;
  /** Index of the next line of `lines`. */
  index: number;
}

/** How a reader goes about its splits. */
export interface FileReaderOptions {
  readonly store: FileStore;
  readonly order: StartTimes;
  readonly decoder: RecordDecoder;
  /** The first line of every file is none. */
  readonly header: boolean;
  /** Splits that are read at the same time, in turn. */
  readonly atOnce: number;
}

/** Reads its splits from the earliest to the latest, some at the same time, and the next one ahead. */
export class FileReader<T> implements SplitReader<T> {
  readonly #options: FileReaderOptions;
  readonly #host: ConnectorHost;
  readonly #waiting: Split[] = [];
  readonly #finished: Split[] = [];
  readonly #open: FileCursor[] = [];
  #paused: ReadonlySet<string> = new Set();
  #turn = 0;
  #wake: () => void = () => {};

  constructor(options: FileReaderOptions, host: ConnectorHost) {
    this.#options = options;
    this.#host = host;
  }

  add(split: Split): void {
    if (split.finished === true) this.#finished.push(split);
    else this.#await(split);
    this.#wake();
  }

  poll(batch: RecordBatch): PolledBatch | undefined {
    // Not when they are added: the earliest of them may come last.
    this.#openNext();
    const open = this.#readable();
    const count = Math.min(this.#options.atOnce, open.length);
    for (let tries = 0; tries < count; tries++) {
      this.#turn = (this.#turn + 1) % count;
      const cursor = open[this.#turn];
      const polled = cursor === undefined ? undefined : this.#pollFile(cursor, batch);
      if (polled !== undefined) return polled;
    }
    return undefined;
  }

  /** Paused files make room for others: what they wait for may be a file that has not been begun. */
  pause(splits: ReadonlySet<string>): void {
    this.#paused = splits;
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  positions(): readonly Split[] {
    const open = this.#open.map(({ split, next }) => encodeSplit({ ...split, next }));
    return [...this.#finished, ...open, ...this.#waiting];
  }

  close(): Promise<void> {
    for (const { fetcher } of this.#open) fetcher.close();
    return Promise.resolve();
  }

  /** Splits mostly come in order; after a restore they come by name. */
  #await(split: Split): void {
    const { order } = this.#options;
    const before = this.#waiting.findLastIndex((other) => order.compare(other, split) <= 0);
    this.#waiting.splice(before + 1, 0, split);
  }

  #openNext(): void {
    while (this.#readable().length <= this.#options.atOnce) {
      const index = this.#waiting.findIndex(({ id }) => !this.#paused.has(id));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (next === undefined) return;
      const split = decodeSplit(next);
      const fetcher = new LineFetcher(this.#options.store, split, this.#host, () => this.#wake());
      this.#open.push({ id: next.id, split, fetcher, next: split.next, lines: undefined, index: 0 });
    }
  }

  #readable(): readonly FileCursor[] {
    return this.#paused.size === 0 ? this.#open : this.#open.filter(({ id }) => !this.#paused.has(id));
  }

  #pollFile(cursor: FileCursor, batch: RecordBatch): PolledBatch | undefined {
    if (cursor.lines === undefined) {
      cursor.lines = cursor.fetcher.take();
      cursor.index = 0;
    }
    if (cursor.lines !== undefined) return this.#read(cursor, cursor.lines, batch);
    if (cursor.fetcher.failure !== undefined) throw cursor.fetcher.failure;
    if (!cursor.fetcher.ended) return undefined;
    this.#finish(cursor);
    batch.size = 0;
    return { split: cursor.id, bytes: 0, finished: true };
  }

  #finish(cursor: FileCursor): void {
    this.#open.splice(this.#open.indexOf(cursor), 1);
    this.#finished.push({ ...encodeSplit({ ...cursor.split, next: cursor.next }), finished: true });
  }

  #read(cursor: FileCursor, lines: Lines, batch: RecordBatch): PolledBatch {
    const { starts, begins, ends, end } = lines;
    const from = this.#options.header && starts[cursor.index] === 0 ? cursor.index + 1 : cursor.index;
    const to = Math.min(starts.length, from + Math.min(BATCH_SIZE, batch.values.length));
    const { decoder } = this.#options;
    const faults =
      decoder.decodeSpans?.(lines, from, to, batch) ??
      decoder.decode(payloadsOf(lines, from, to), 0, to - from, batch);
    batch.times.fill(NO_TIME, 0, batch.size);
    cursor.index = to;
    cursor.next = starts[to] ?? end;
    if (to === starts.length) cursor.lines = undefined;
    const bytes = from === to ? 0 : (ends[to - 1] ?? 0) - (begins[from] ?? 0) - (to - from - 1);
    const undecodable = faults
      .map((fault) => ({
        ...fault,
        payload: payloadsOf(lines, from + fault.index, from + fault.index + 1)[0],
      }))
      .filter(({ payload }) => !isBlank(payload))
      .map(({ index, reason, payload }) =>
        setAside(payload, { split: cursor.id, start: starts[from + index], reason }),
      );
    return { split: cursor.id, bytes, ...(undecodable.length === 0 ? {} : { undecodable }) };
  }
}

/** Many writers leave an empty line at the end. */
function isBlank(payload: Uint8Array | undefined): boolean {
  return payload?.every((byte) => byte === 32 || byte === 9 || byte === 13) ?? true;
}

function setAside(
  payload: Uint8Array | undefined,
  where: { readonly split: string; readonly start: number | undefined; readonly reason: string },
): UndecodableRecord {
  const text = Buffer.from(payload ?? []).toString('utf8', 0, PREVIEW_LENGTH * 4);
  return {
    split: where.split,
    position: String(where.start ?? ''),
    reason: where.reason,
    preview: text.slice(0, PREVIEW_LENGTH),
  };
}
