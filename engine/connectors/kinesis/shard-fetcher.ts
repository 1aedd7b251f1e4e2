import type { _Record as KinesisRecord } from '@aws-sdk/client-kinesis';
import { awaitRetry, pause } from '../aws/retry.ts';
import { errorName } from '../aws/service-error.ts';
import type { ConnectorHost } from '../connector.ts';
import { openKinesisClient } from './client.ts';
import type { Kinesis } from './client.ts';
import { iteratorKind } from './shard-position.ts';

/** Which shard is fetched, and how fast. */
export interface FetchOptions {
  readonly stream: string;
  readonly shardId: string;
  /** Time between two calls while records come; AWS allows five calls a second and shard for all readers together. */
  readonly pollIntervalMs: number;
  readonly recordsPerFetch: number;
}

/** Records of one call. */
export interface FetchedRecords {
  readonly payloads: readonly Uint8Array[];
  readonly sequenceNumbers: readonly string[];
  /** When the service took them, ms since 1970. */
  readonly arrivedAtMs: Float64Array;
  readonly bytes: number;
  readonly behindMs: number;
}

// An empty shard is asked less and less often, but never so rarely that a person would see it.
const IDLE_INTERVAL_MS_MAX = 1000;
const IDLE_FACTOR = 1.5;

/**
 * Fetches one shard, one call at a time and never more than one call ahead of the reader.
 * What it has is taken by `take`; an error that no retry heals stays in `failure`.
 */
export class ShardFetcher {
  readonly #options: FetchOptions;
  readonly #host: ConnectorHost;
  readonly #wake: () => void;
  #position: string;
  #ready: FetchedRecords | undefined;
  #resume: (() => void) | undefined;
  #closed = false;
  #intervalMs: number;
  /** Everything was fetched: the shard was closed by resharding. */
  ended = false;
  failure: Error | undefined;

  constructor(options: FetchOptions, position: string, host: ConnectorHost, wake: () => void) {
    this.#options = options;
    this.#position = position;
    this.#host = host;
    this.#wake = wake;
    this.#intervalMs = options.pollIntervalMs;
    void this.#run();
  }

  /** The records of the oldest call that nobody took yet; taking them begins the next call. */
  take(): FetchedRecords | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready !== undefined) {
      this.#resume?.();
    }
    return ready;
  }

  close(): void {
    this.#closed = true;
    this.#resume?.();
  }

  async #run(): Promise<void> {
    try {
      const kinesis = await openKinesisClient(this.#host);
      let iterator: string | undefined = await this.#iterator(kinesis);
      while (iterator !== undefined && !this.#closed) {
        iterator = await this.#fetch(kinesis, iterator);
      }
      this.ended = !this.#closed;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
    if (!this.#closed) {
      this.#wake();
    }
  }

  /** One call and what follows from it; gives the next iterator, undefined at the end of the shard. */
  async #fetch({ sdk, client }: Kinesis, iterator: string): Promise<string | undefined> {
    const startedAtMs = this.#host.clock.now();
    const command = new sdk.GetRecordsCommand({
      ShardIterator: iterator,
      Limit: this.#options.recordsPerFetch,
    });
    for (let attempt = 0; ; attempt++) {
      try {
        const { Records = [], NextShardIterator, MillisBehindLatest = 0 } = await client.send(command);
        await this.#offer(Records, MillisBehindLatest);
        const restMs = startedAtMs + this.#intervalMs - this.#host.clock.now();
        if (NextShardIterator !== undefined && restMs > 0 && !this.#closed) {
          await pause(this.#host, restMs);
        }
        return NextShardIterator;
      } catch (error) {
        if (this.#closed) {
          return undefined;
        }
        // Iterators live five minutes; backpressure can last longer.
        if (errorName(error) === 'ExpiredIteratorException') {
          return this.#iterator({ sdk, client });
        }
        await awaitRetry(this.#host, error, attempt, this.#attempted('GetRecords'));
      }
    }
  }

  async #iterator({ sdk, client }: Kinesis): Promise<string | undefined> {
    const { stream, shardId } = this.#options;
    const command = new sdk.GetShardIteratorCommand({
      StreamName: stream,
      ShardId: shardId,
      ...iteratorKind(this.#position),
    });
    for (let attempt = 0; ; attempt++) {
      try {
        return (await client.send(command)).ShardIterator;
      } catch (error) {
        if (this.#closed) {
          return undefined;
        }
        await awaitRetry(this.#host, error, attempt, this.#attempted('GetShardIterator'));
      }
    }
  }

  /** Hands over the records and returns when there is room for the next call. */
  async #offer(records: readonly KinesisRecord[], behindMs: number): Promise<void> {
    const { pollIntervalMs } = this.#options;
    this.#intervalMs =
      records.length > 0 || behindMs > 0
        ? pollIntervalMs
        : Math.min(Math.max(pollIntervalMs, IDLE_INTERVAL_MS_MAX), this.#intervalMs * IDLE_FACTOR);
    if (records.length === 0 || this.#closed) {
      return;
    }
    while (this.#ready !== undefined && !this.#closed) {
      await this.#taken();
    }
    this.#position = records.at(-1)?.SequenceNumber ?? this.#position;
    this.#ready = fetched(records, behindMs);
    this.#wake();
  }

  #taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  #attempted(operation: string): { readonly operation: string; readonly subject: string } {
    return { operation, subject: `shard "${this.#options.shardId}" of stream "${this.#options.stream}"` };
  }
}

function fetched(records: readonly KinesisRecord[], behindMs: number): FetchedRecords {
  const payloads = records.map((record) => record.Data ?? new Uint8Array());
  return {
    payloads,
    sequenceNumbers: records.map((record) => record.SequenceNumber ?? ''),
    arrivedAtMs: Float64Array.from(records, (record) => record.ApproximateArrivalTimestamp?.getTime() ?? 0),
    bytes: payloads.reduce((sum, payload) => sum + payload.length, 0),
    behindMs,
  };
}
