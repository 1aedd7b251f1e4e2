/** Amazon Kinesis Data Streams: a source that rewinds by sequence number, and a sink. */
import type { Schema } from '../../data/schema.ts';
import type { Sink, Source } from '../connector.ts';
import { newPlace } from '../new-place.ts';
import type { Format } from '../formats/format.ts';
import { json } from '../formats/json-format.ts';
import { RecordWriter } from './record-writer.ts';
import { ShardEnumerator } from './shard-enumerator.ts';
import type { StreamStart } from './shard-position.ts';
import { ShardReader } from './shard-reader.ts';

/** Options of {@link kinesis}. */
export interface KinesisOptions<T> {
  readonly stream: string;
  /** What records are; what is none is counted and kept aside. */
  readonly schema: Schema<T>;
  /** JSON when left out; others are in `headwater/connectors/formats`. */
  readonly format?: Format;
  /** Event time of a record, ms since 1970; the time of arrival at the stream when left out. */
  readonly time?: (value: T) => number;
  /** Where a job without a checkpoint begins; the oldest record when left out. */
  readonly start?: StreamStart;
  /** Time between two calls for one shard, 200 ms when left out: AWS allows five a second for all readers together. */
  readonly pollIntervalMs?: number;
  /** Records of one call at most; 5000 when left out, 10,000 is AWS's limit. */
  readonly recordsPerFetch?: number;
  /** Time between two looks for new shards, 10 s when left out. */
  readonly discoverEveryMs?: number;
}

/**
 * Reads a stream, every shard in order and after its parents.
 * After a restore it goes on behind the last record of the checkpoint, so no record is lost or read twice.
 *
 * Example: `source('payments', kinesis({ stream: 'payments', schema: Payment, time: (p) => p.at }))`.
 */
export function kinesis<T>(options: KinesisOptions<T>): Source<T> {
  const {
    stream,
    schema,
    time,
    format = json(),
    start = 'trim-horizon',
    pollIntervalMs = 200,
    recordsPerFetch = 5000,
  } = options;
  const { discoverEveryMs = 10_000 } = options;
  return {
    connector: 'kinesis',
    options: { stream, start: typeof start === 'string' ? start : new Date(start.at).toISOString() },
    schema,
    ...(time === undefined ? {} : { time }),
    timed: true,
    enumerator: (host) => new ShardEnumerator({ stream, start, discoverEveryMs }, host),
    reader: (host) =>
      new ShardReader({ stream, pollIntervalMs, recordsPerFetch }, format.decoder(schema), host),
    startingAt: (at) => kinesis({ ...options, start: { at } }),
  };
}

/** Options of {@link kinesisSink}. */
export interface KinesisSinkOptions<T> {
  readonly stream: string;
  /** Records of one partition key stay in one shard. */
  readonly partitionKey: (value: T) => string;
  /** Records are JSON as this schema says: dates, intervals and instants as text; as `JSON.stringify` has them when left out. */
  readonly schema?: Schema<T>;
  /** JSON when left out; others are in `headwater/connectors/formats`. */
  readonly format?: Format;
  /** Another form than JSON. */
  readonly encode?: (value: T) => Uint8Array;
}

/**
 * Writes a stream at least once: what was put since the last checkpoint is put again after a failure, and a record
 * that the service refused at first comes behind later ones.
 */
export function kinesisSink<T>(options: KinesisSinkOptions<T>): Sink<T> {
  const { stream, partitionKey, schema, format = json(), encode = format.encoder(schema) } = options;
  return {
    connector: 'kinesis',
    guarantee: 'at-least-once',
    options: { stream },
    writer: (host) => new RecordWriter({ stream, partitionKey, encode }, host),
    redirected: (to) => kinesisSink({ ...options, stream: newPlace('kinesis', 'stream', to) }),
  };
}
