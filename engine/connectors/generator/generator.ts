/** A source that makes its records itself: for tests, benchmarks and demonstrations. */
import { BATCH_SIZE, NO_TIME } from '../../data/record-batch.ts';
import type { RecordBatch } from '../../data/record-batch.ts';
import type { Schema } from '../../data/schema.ts';
import type { Cancel } from '../../host.ts';
import type { ConnectorHost, PolledBatch, Source, Split, SplitReader } from '../connector.ts';

/** Options of {@link generator}. */
export interface GeneratorOptions<T> {
  readonly schema: Schema<T>;
  /**
   * The record at `index` of split `split`. It must depend on these two alone: after a restore the same records
   * are made again.
   */
  readonly record: (index: number, split: number) => T;
  /** Event time of a record; without it records have none. */
  readonly time?: (value: T) => number;
  /** Records per split; without it the source never ends. */
  readonly count?: number;
  /** Splits, each with its own numbering; 1 when left out. */
  readonly splits?: number;
  /** Records per second and split, by the clock of the job; as fast as they are taken when left out. */
  readonly ratePerSecond?: number;
}

/**
 * A deterministic source in memory. A split's position is the index of its next record.
 *
 * Example: `generator({ schema: t.int, record: (index) => index, count: 1000 })`.
 */
export function generator<T>(options: GeneratorOptions<T>): Source<T> {
  const { count, splits = 1, ratePerSecond, schema, time } = options;
  return {
    connector: 'generator',
    options: {
      splits,
      ...(count === undefined ? {} : { count }),
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    },
    schema,
    hasOwnTexts: true,
    ...(time === undefined ? {} : { time }),
    ...(count === undefined ? {} : { bounded: true, splitTime: () => ({ bounded: true }) }),
    enumerator: () => ({
      discoverEveryMs: 0,
      discover: (known) => {
        const ids = Array.from({ length: splits }, (_, split) => String(split));
        return Promise.resolve(ids.filter((id) => !known.has(id)).map((id) => ({ id, position: '' })));
      },
      close: () => Promise.resolve(),
    }),
    reader: (host) => new GeneratorReader(options, host),
  };
}

interface Cursor {
  readonly id: string;
  readonly split: number;
  next: number;
  /** Clock and index from which a rate is counted. */
  readonly startedAtMs: number;
  readonly startIndex: number;
}

class GeneratorReader<T> implements SplitReader<T> {
  readonly #options: GeneratorOptions<T>;
  readonly #host: ConnectorHost;
  readonly #cursors: Cursor[] = [];
  #paused: ReadonlySet<string> = new Set();
  #turn = 0;
  #wake: () => void = () => {};
  #alarm: Cancel | undefined;

  constructor(options: GeneratorOptions<T>, host: ConnectorHost) {
    this.#options = options;
    this.#host = host;
  }

  add(split: Split): void {
    const next = split.position === '' ? 0 : Number(split.position);
    this.#cursors.push({
      id: split.id,
      split: Number(split.id),
      next,
      startedAtMs: this.#host.clock.now(),
      startIndex: next,
    });
    this.#wake();
  }

  poll(batch: RecordBatch): PolledBatch | undefined {
    for (let tries = 0; tries < this.#cursors.length; tries++) {
      this.#turn = (this.#turn + 1) % this.#cursors.length;
      const polled = this.#pollCursor(this.#cursors[this.#turn], batch);
      if (polled !== undefined) {
        return polled;
      }
    }
    this.#setAlarm();
    return undefined;
  }

  pause(splits: ReadonlySet<string>): void {
    this.#paused = splits;
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  positions(): readonly Split[] {
    return this.#cursors.map(({ id, next }) => ({
      id,
      position: String(next),
      ...(next > this.#last ? { finished: true } : {}),
    }));
  }

  close(): Promise<void> {
    this.#alarm?.();
    return Promise.resolve();
  }

  /** Behind the last record a split counts one further, so that its end is told once and survives a restore. */
  get #last(): number {
    return this.#options.count ?? Number.POSITIVE_INFINITY;
  }

  #pollCursor(cursor: Cursor | undefined, batch: RecordBatch): PolledBatch | undefined {
    if (cursor === undefined || cursor.next > this.#last || this.#paused.has(cursor.id)) {
      return undefined;
    }
    const end = Math.min(
      this.#due(cursor),
      this.#last,
      cursor.next + Math.min(BATCH_SIZE, batch.values.length),
    );
    batch.size = 0;
    for (let index = cursor.next; index < end; index++) {
      batch.times[batch.size] = NO_TIME;
      batch.values[batch.size++] = this.#options.record(index, cursor.split);
    }
    cursor.next += batch.size;
    if (cursor.next === this.#last) {
      cursor.next += 1;
      return { split: cursor.id, bytes: 0, finished: true };
    }
    return batch.size === 0 ? undefined : { split: cursor.id, bytes: 0 };
  }

  /** Index of the first record that is not due yet. */
  #due(cursor: Cursor): number {
    const rate = this.#options.ratePerSecond;
    if (rate === undefined) {
      return Number.POSITIVE_INFINITY;
    }
    const elapsedMs = this.#host.clock.now() - cursor.startedAtMs;
    return cursor.startIndex + Math.floor((elapsedMs * rate) / 1000);
  }

  #setAlarm(): void {
    const rate = this.#options.ratePerSecond;
    if (
      rate === undefined ||
      this.#alarm !== undefined ||
      this.#cursors.every((cursor) => cursor.next > this.#last)
    ) {
      return;
    }
    // Some records at once rather than one timer each: nobody sees the difference of ten milliseconds.
    this.#alarm = this.#host.schedule(Math.max(10, 1000 / rate), () => {
      this.#alarm = undefined;
      this.#wake();
    });
  }
}
