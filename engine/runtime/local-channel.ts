import { BATCH_SIZE, recordBatch, type RecordBatch } from '../data/record-batch.ts';
import type { InputChannel, OutputChannel } from './channel.ts';
import { NOTHING, RECORDS, type Element, type Mark } from './element.ts';

/**
 * Elements that may wait before the writer should stop: enough to keep the reader busy, few enough for memory.
 */
const CAPACITY = 8;

/** Stands where no batch is yet: most channels of most jobs are quiet for most of the time. */
const NO_BATCH: RecordBatch = recordBatch(0);

interface Entry {
  readonly element: Element;
  readonly number: number;
  readonly batch: RecordBatch | undefined;
}

/** A channel inside one thread: records stay the objects that they are, batches are used over and over. */
export class LocalChannel implements OutputChannel, InputChannel {
  readonly bytes = 0;
  batch: RecordBatch = NO_BATCH;
  number = 0;
  readonly #entries: Entry[] = [];
  readonly #spare: RecordBatch[] = [];
  #readerBehind = false;
  #open: RecordBatch = NO_BATCH;
  readonly #wakeReader: () => void;
  readonly #wakeWriter: () => void;

  constructor(wakeReader: () => void, wakeWriter: () => void) {
    this.#wakeReader = wakeReader;
    this.#wakeWriter = wakeWriter;
  }

  makeRoom(): boolean {
    return !this.#readerBehind && this.#entries.length < CAPACITY;
  }

  write(value: unknown, time: number): void {
    if (this.#open === NO_BATCH) this.#open = this.#spare.pop() ?? recordBatch();
    const open = this.#open;
    open.values[open.size] = value;
    open.times[open.size] = time;
    open.size += 1;
    if (open.size === BATCH_SIZE) this.flush();
  }

  mark(mark: Mark, number: number): void {
    this.flush();
    this.#push({ element: mark, number, batch: undefined });
  }

  flush(): void {
    if (this.#open.size === 0) return;
    this.#push({ element: RECORDS, number: 0, batch: this.#open });
    this.#open = NO_BATCH;
  }

  poll(): Element {
    const entry = this.#entries.shift();
    if (entry === undefined) return NOTHING;
    this.number = entry.number;
    if (entry.batch !== undefined) {
      this.#reuse(this.batch);
      this.batch = entry.batch;
    }
    if (this.#entries.length === CAPACITY - 1) this.#wakeWriter();
    return entry.element;
  }

  fallBehind(behind: boolean): void {
    this.#readerBehind = behind;
    if (!behind) this.#wakeWriter();
  }

  #reuse(batch: RecordBatch): void {
    if (batch === NO_BATCH) return;
    batch.size = 0;
    this.#spare.push(batch);
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length === 1) this.#wakeReader();
  }
}
