import { NO_TIME } from '../../data/record-batch.ts';
import type { RecordBatch } from '../../data/record-batch.ts';
import type { PolledBatch, Split, SplitReader } from '../connector.ts';
import { asItWas, asPast, isPast, nameInPast, pastName } from './past-split.ts';

/** The readers of both sources; each is made when its first split comes. */
export interface HistoryReaders<T> {
  openPast(this: void): SplitReader<T>;
  openLive(this: void): SplitReader<T>;
}

/** Which side of which moment a record belongs to. */
export interface Boundary {
  readonly until: number;
  readonly timeOf: (value: unknown) => number;
}

/** Reads the splits of both sources and leaves out what belongs to the other side of the boundary. */
export class HistoryReader<T> implements SplitReader<T> {
  readonly #readers: HistoryReaders<T>;
  readonly #boundary: Boundary;
  #past: SplitReader<T> | undefined;
  #live: SplitReader<T> | undefined;
  #paused: ReadonlySet<string> = new Set();
  #wake: () => void = () => {};

  constructor(readers: HistoryReaders<T>, boundary: Boundary) {
    this.#readers = readers;
    this.#boundary = boundary;
  }

  add(split: Split): void {
    if (isPast(split.id)) {
      this.#past ??= this.#opened(this.#readers.openPast());
      this.#past.add(asItWas(split));
    } else {
      this.#live ??= this.#opened(this.#readers.openLive());
      this.#live.add(split);
    }
    this.pause(this.#paused);
  }

  poll(batch: RecordBatch): PolledBatch | undefined {
    const past = this.#isHeld(this.#past) ? undefined : this.#past?.poll(batch);
    if (past !== undefined) {
      keep(batch, this.#boundary, true);
      return marked(past);
    }
    const live = this.#isHeld(this.#live) ? undefined : this.#live?.poll(batch);
    if (live !== undefined) keep(batch, this.#boundary, false);
    return live;
  }

  pause(splits: ReadonlySet<string>): void {
    this.#paused = splits;
    const ids = [...splits];
    this.#past?.pause?.(new Set(ids.filter(isPast).map(nameInPast)));
    this.#live?.pause?.(new Set(ids.filter((id) => !isPast(id))));
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  positions(): readonly Split[] {
    return [...(this.#past?.positions() ?? []).map(asPast), ...(this.#live?.positions() ?? [])];
  }

  async close(): Promise<void> {
    await Promise.all([this.#past?.close(), this.#live?.close()]);
  }

  /** A reader that cannot pause some of its splits is left alone once all that it has to read are to be. */
  #isHeld(reader: SplitReader<T> | undefined): boolean {
    if (reader === undefined || reader.pause !== undefined || this.#paused.size === 0) return false;
    const idOf = reader === this.#past ? pastName : (id: string): string => id;
    return reader.positions().every(({ id, finished }) => finished === true || this.#paused.has(idOf(id)));
  }

  #opened(reader: SplitReader<T>): SplitReader<T> {
    reader.onAvailable(() => this.#wake());
    return reader;
  }
}

/** Leaves in the batch the records of one side of the boundary. */
function keep(batch: RecordBatch, boundary: Boundary, before: boolean): void {
  const { values, times, size } = batch;
  let kept = 0;
  for (let index = 0; index < size; index++) {
    if (isElsewhere(values[index], boundary, before)) continue;
    values[kept] = values[index];
    times[kept] = times[index] ?? NO_TIME;
    kept += 1;
  }
  batch.size = kept;
}

/** A record without a sound time is at home where it is: the runtime asks again, and says what is wrong with it. */
function isElsewhere(value: unknown, { until, timeOf }: Boundary, before: boolean): boolean {
  try {
    const time = timeOf(value);
    return before ? time >= until : time < until;
  } catch {
    return false;
  }
}

function marked(polled: PolledBatch): PolledBatch {
  const { undecodable } = polled;
  return {
    ...polled,
    split: pastName(polled.split),
    ...(undecodable === undefined
      ? {}
      : { undecodable: undecodable.map((record) => ({ ...record, split: pastName(record.split) })) }),
  };
}
