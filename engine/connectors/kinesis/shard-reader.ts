import { BATCH_SIZE } from '../../data/record-batch.ts';
import type { RecordBatch } from '../../data/record-batch.ts';
import type { ConnectorHost, PolledBatch, Split, SplitReader, UndecodableRecord } from '../connector.ts';
import type { DecodeFault, RecordDecoder } from '../formats/record-decoder.ts';
import { ShardFetcher } from './shard-fetcher.ts';
import type { FetchOptions, FetchedRecords } from './shard-fetcher.ts';

const PREVIEW_LENGTH = 500;

interface ShardCursor {
  readonly id: string;
  readonly fetcher: ShardFetcher | undefined;
  position: string;
  finished: boolean;
  records: FetchedRecords | undefined;
  /** Index of the next record of `records`. */
  next: number;
}

/** Reads some shards of a stream, in turn: a busy shard cannot starve the watermark of a quiet one. */
export class ShardReader<T> implements SplitReader<T> {
  readonly #options: Omit<FetchOptions, 'shardId'>;
  readonly #decoder: RecordDecoder;
  readonly #host: ConnectorHost;
  readonly #cursors: ShardCursor[] = [];
  #paused: ReadonlySet<string> = new Set();
  #turn = 0;
  #wake: () => void = () => {};

  constructor(options: Omit<FetchOptions, 'shardId'>, decoder: RecordDecoder, host: ConnectorHost) {
    this.#options = options;
    this.#decoder = decoder;
    this.#host = host;
  }

  add(split: Split): void {
    const { id, position, finished = false } = split;
    const options = { ...this.#options, shardId: id };
    const fetcher = finished
      ? undefined
      : new ShardFetcher(options, position, this.#host, () => this.#wake());
    this.#cursors.push({ id, position, finished, fetcher, records: undefined, next: 0 });
  }

  poll(batch: RecordBatch): PolledBatch | undefined {
    for (let tries = 0; tries < this.#cursors.length; tries++) {
      this.#turn = (this.#turn + 1) % this.#cursors.length;
      const cursor = this.#cursors[this.#turn];
      const polled =
        cursor === undefined || cursor.finished || this.#paused.has(cursor.id)
          ? undefined
          : this.#pollShard(cursor, batch);
      if (polled !== undefined) {
        return polled;
      }
    }
    return undefined;
  }

  /** What was fetched of a paused shard waits; its fetcher asks for no more than that. */
  pause(splits: ReadonlySet<string>): void {
    this.#paused = splits;
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  positions(): readonly Split[] {
    return this.#cursors.map(({ id, position, finished }) => ({
      id,
      position,
      ...(finished ? { finished } : {}),
    }));
  }

  close(): Promise<void> {
    for (const { fetcher } of this.#cursors) {
      fetcher?.close();
    }
    return Promise.resolve();
  }

  #pollShard(cursor: ShardCursor, batch: RecordBatch): PolledBatch | undefined {
    if (cursor.records === undefined) {
      cursor.records = cursor.fetcher?.take();
      cursor.next = 0;
    }
    if (cursor.records !== undefined) {
      return this.#read(cursor, cursor.records, batch);
    }
    if (cursor.fetcher?.failure !== undefined) {
      throw cursor.fetcher.failure;
    }
    if (cursor.fetcher?.ended === true) {
      cursor.finished = true;
      batch.size = 0;
      return { split: cursor.id, bytes: 0, finished: true };
    }
    return undefined;
  }

  #read(cursor: ShardCursor, records: FetchedRecords, batch: RecordBatch): PolledBatch {
    const from = cursor.next;
    const to = Math.min(records.payloads.length, from + Math.min(BATCH_SIZE, batch.values.length));
    const faults = this.#decoder.decode(records.payloads, from, to, batch);
    stamp(batch, records.arrivedAtMs.subarray(from, to), faults, from);
    cursor.next = to;
    cursor.position = records.sequenceNumbers[to - 1] ?? cursor.position;
    if (to === records.payloads.length) {
      cursor.records = undefined;
    }
    let bytes = 0;
    for (let index = from; index < to; index++) {
      bytes += records.payloads[index]?.length ?? 0;
    }
    return {
      split: cursor.id,
      bytes,
      lagMs: records.behindMs,
      ...(faults.length === 0
        ? {}
        : { undecodable: faults.map((fault) => undecodable(cursor.id, records, fault)) }),
    };
  }
}

/** Gives each record the time at which it arrived, passing over those that were left out. */
function stamp(
  batch: RecordBatch,
  arrivedAtMs: Float64Array,
  faults: readonly DecodeFault[],
  from: number,
): void {
  if (faults.length === 0) {
    batch.times.set(arrivedAtMs);
    return;
  }
  const faulty = new Set(faults.map((fault) => fault.index - from));
  let at = 0;
  for (const [index, time] of arrivedAtMs.entries()) {
    if (!faulty.has(index)) {
      batch.times[at++] = time;
    }
  }
}

function undecodable(
  split: string,
  records: FetchedRecords,
  { index, reason }: DecodeFault,
): UndecodableRecord {
  const text = Buffer.from(records.payloads[index] ?? []).toString('utf8', 0, PREVIEW_LENGTH * 4);
  return {
    split,
    position: records.sequenceNumbers[index] ?? '',
    reason,
    preview: text.slice(0, PREVIEW_LENGTH),
  };
}
