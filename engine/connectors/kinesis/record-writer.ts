import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { awaitRetry, pause, retryDelayMs } from '../aws/retry.ts';
import type { ConnectorHost, SinkWriter } from '../connector.ts';
import { FlushQueue } from '../flush-queue.ts';
import { openKinesisClient } from './client.ts';

/** How a record becomes an entry of the stream. */
export interface EntryOptions<T> {
  readonly stream: string;
  readonly partitionKey: (value: T) => string;
  readonly encode: (value: T) => Uint8Array;
}

// AWS's limits of one PutRecords call, and of one record with its key.
const ENTRIES_MAX = 500;
const CALL_BYTES_MAX = 5 * 1024 * 1024;
const ENTRY_BYTES_MAX = 1024 * 1024;
const LINGER_MS = 50;

interface Entry {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** Puts records, one call at a time; entries that the service refused are put again, behind those it took. */
export class RecordWriter<T> implements SinkWriter<T> {
  readonly highWater = 4 * ENTRIES_MAX;
  readonly #options: EntryOptions<T>;
  readonly #host: ConnectorHost;
  readonly #queue: FlushQueue<Entry>;

  constructor(options: EntryOptions<T>, host: ConnectorHost) {
    this.#options = options;
    this.#host = host;
    this.#queue = new FlushQueue<Entry>({
      host,
      lingerMs: LINGER_MS,
      fullAt: ENTRIES_MAX,
      lowWater: 2 * ENTRIES_MAX,
      take: callSize,
      send: (entries) => this.#put(entries),
    });
  }

  get pending(): number {
    return this.#queue.pending;
  }

  write(value: T): void {
    const { encode, partitionKey, stream } = this.#options;
    const entry = { Data: encode(value), PartitionKey: partitionKey(value) };
    if (entry.Data.length + entry.PartitionKey.length > ENTRY_BYTES_MAX) {
      throw new RangeError(
        `Cannot put a record of ${entry.Data.length} bytes into stream "${stream}": the limit is ${ENTRY_BYTES_MAX}; make it smaller before the sink`,
      );
    }
    this.#queue.add(entry);
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  onAvailable(wake: () => void): void {
    this.#queue.onAvailable(wake);
  }

  close(): Promise<void> {
    this.#queue.close();
    return Promise.resolve();
  }

  async #put(entries: readonly Entry[]): Promise<void> {
    let rest: readonly Entry[] = entries;
    for (let attempt = 0; rest.length > 0 && !this.#queue.closed; attempt++) {
      rest = await this.#putOnce(rest, attempt);
    }
  }

  /** Gives the entries that were refused, most often because their shard is at its limit. */
  async #putOnce(entries: readonly Entry[], attempt: number): Promise<readonly Entry[]> {
    const { stream } = this.#options;
    try {
      const { sdk, client } = await openKinesisClient(this.#host);
      const records: PutRecordsRequestEntry[] = [...entries];
      const { Records = [] } = await client.send(
        new sdk.PutRecordsCommand({ StreamName: stream, Records: records }),
      );
      const refused = entries.filter((_, index) => Records[index]?.ErrorCode !== undefined);
      if (refused.length > 0) {
        await pause(this.#host, retryDelayMs(attempt, this.#host));
      }
      return refused;
    } catch (error) {
      await awaitRetry(this.#host, error, attempt, {
        operation: 'PutRecords',
        subject: `stream "${stream}"`,
      });
      return entries;
    }
  }
}

/** How many of the waiting entries fit into one call. */
function callSize(entries: readonly Entry[]): number {
  let bytes = 0;
  let count = 0;
  for (const { Data, PartitionKey } of entries) {
    bytes += Data.length + Buffer.byteLength(PartitionKey);
    if (count === ENTRIES_MAX || (count > 0 && bytes > CALL_BYTES_MAX)) {
      break;
    }
    count += 1;
  }
  return count;
}
