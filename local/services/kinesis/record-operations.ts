/** The operations that carry records: PutRecord, PutRecords, GetShardIterator, GetRecords. */
import { AwsError, RenderedJson } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import { frameHeaderBytes } from './frame.ts';
import type { StoredRecord } from './frame.ts';
import { decodeIterator, encodeIterator, expiredIterator } from './iterator.ts';
import { throughputExceeded } from './limits.ts';
import type { ShardLimits } from './limits.ts';
import { hashKeyOf, hexOfDecimal, isHashKey } from './partition.ts';
import { counterOf, sequenceNumber } from './sequence-number.ts';
import type { Shard } from './shard.ts';
import type { Position } from './shard-log.ts';
import { describeHashKeyRange } from './shard-operations.ts';
import type { NewRecord, Stream } from './stream.ts';
import type { Streams } from './streams.ts';

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html and API_GetRecords.html
const recordBytesMax = 1024 * 1024;
const putRecordsMax = 500;
const putBytesMax = 5 * 1024 * 1024;
const partitionKeyCharactersMax = 256;
const getRecordsMax = 10_000;
const getBytesMax = 10 * 1024 * 1024;

/** What the operations on records need. */
export interface RecordOperationsOptions {
  readonly streams: Streams;
  readonly now: () => number;
  /** Absent: no rates are enforced. */
  readonly limits?: ShardLimits | undefined;
}

/** Makes the operations that carry records. */
export function recordOperations(options: RecordOperationsOptions): Record<string, Operation> {
  const { streams, now } = options;
  return {
    PutRecord(input) {
      const stream = streams.named(input);
      const [result] = put(stream, [parseRecord(input)], options);
      if (result?.sequence === undefined) throw throughputExceeded(result?.shard ?? '');
      return { ShardId: result.shard, SequenceNumber: result.sequence, EncryptionType: 'NONE' };
    },
    PutRecords(input) {
      const stream = streams.named(input);
      const results = put(stream, parseRecords(input['Records']), options).map(putRecordsEntry);
      const failed = results.filter((result) => 'ErrorCode' in result).length;
      return { FailedRecordCount: failed, Records: results, EncryptionType: 'NONE' };
    },
    GetShardIterator(input) {
      const stream = streams.named(input);
      const shard = streams.shard(stream, input['ShardId']);
      return { ShardIterator: iteratorAt(stream, shard, positionOf(stream, shard, input), now()) };
    },
    GetRecords: (input) => getRecords(input, options),
  };
}

interface Put {
  readonly shard: string;
  /** Undefined when the shard had no throughput left. */
  readonly sequence: string | undefined;
}

function put(stream: Stream, records: readonly NewRecord[], { now, limits }: RecordOperationsOptions): Put[] {
  const time = now();
  const shards = records.map((record) => stream.shardFor(record.hashKey));
  const key = (shard: Shard | undefined): string => `${stream.name}/${shard?.id ?? ''}`;
  const allowed = records.map(
    (record, i) => limits === undefined || limits.mayWrite(key(shards[i]), record.data.length, time),
  );
  const results = stream
    .put(
      records.filter((_, i) => allowed[i]),
      time,
    )
    .values();
  return shards.map((shard, i) => {
    const sequence = allowed[i] ? results.next().value?.sequence : undefined;
    return {
      shard: shard.id,
      sequence: sequence === undefined ? undefined : sequenceNumber(stream.sequencePrefix, sequence),
    };
  });
}

function putRecordsEntry(result: Put): Record<string, string> {
  if (result.sequence !== undefined) return { ShardId: result.shard, SequenceNumber: result.sequence };
  const refusal = throughputExceeded(result.shard);
  return { ErrorCode: refusal.type, ErrorMessage: refusal.message };
}

function parseRecords(value: unknown): NewRecord[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > putRecordsMax) {
    throw invalid(`Records must have between 1 and ${putRecordsMax} members`, 'ValidationException');
  }
  // Each member is checked by `parseRecord`.
  const records = value.map((entry) => parseRecord(entry as OperationInput));
  const bytes = records.reduce((sum, record) => sum + record.data.length + record.partitionKey.length, 0);
  if (bytes > putBytesMax) throw invalid(`Records size exceeds ${putBytesMax} bytes limit`);
  return records;
}

function parseRecord(input: OperationInput): NewRecord {
  const { PartitionKey: partitionKey, Data: data, ExplicitHashKey: explicit } = input;
  if (
    typeof partitionKey !== 'string' ||
    partitionKey === '' ||
    partitionKey.length > partitionKeyCharactersMax
  ) {
    throw invalid(
      `PartitionKey must have 1 to ${partitionKeyCharactersMax} characters`,
      'ValidationException',
    );
  }
  if (typeof data !== 'string') throw invalid('Data must be base64', 'ValidationException');
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > recordBytesMax) {
    throw invalid(
      `Data of a record must be at most ${recordBytesMax} bytes, not ${bytes.length}`,
      'ValidationException',
    );
  }
  if (explicit !== undefined && explicit !== null) {
    if (typeof explicit !== 'string' || !isHashKey(explicit)) {
      throw invalid(
        `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${String(explicit)}`,
      );
    }
    return { partitionKey, hashKey: hexOfDecimal(explicit), data: bytes };
  }
  return { partitionKey, hashKey: hashKeyOf(partitionKey), data: bytes };
}

function positionOf(stream: Stream, shard: Shard, input: OperationInput): Position {
  const { log } = shard;
  const type = input['ShardIteratorType'];
  switch (type) {
    case 'TRIM_HORIZON':
      return log.start();
    case 'LATEST':
      return log.end();
    case 'AT_TIMESTAMP': {
      const timestamp = input['Timestamp'];
      if (typeof timestamp !== 'number') throw invalid('Must specify timestampInMillis for AT_TIMESTAMP');
      return log.positionOfArrival(Math.round(timestamp * 1000));
    }
    case 'AT_SEQUENCE_NUMBER':
      return log.positionOfSequence(counterIn(stream, input));
    case 'AFTER_SEQUENCE_NUMBER':
      return log.positionOfSequence(counterIn(stream, input) + 1);
    default:
      throw invalid(`Invalid ShardIteratorType ${String(type)}`, 'ValidationException');
  }
}

function counterIn(stream: Stream, input: OperationInput): number {
  const text = input['StartingSequenceNumber'];
  const counter = typeof text === 'string' ? counterOf(stream.sequencePrefix, text) : undefined;
  if (counter !== undefined) return counter;
  throw invalid(
    `StartingSequenceNumber ${String(text)} used in GetShardIterator on stream ${stream.name} is invalid because it did not come from this stream.`,
  );
}

function iteratorAt(stream: Stream, shard: Shard, position: Position, issuedAt: number): string {
  return encodeIterator({
    stream: stream.name,
    createdAt: stream.createdAt,
    shard: shard.id,
    position,
    issuedAt,
  });
}

function getRecords(input: OperationInput, { streams, now, limits }: RecordOperationsOptions): RenderedJson {
  const time = now();
  const iterator = decodeIterator(input['ShardIterator'], time);
  const stream = streams.named({ StreamName: iterator.stream });
  if (stream.createdAt !== iterator.createdAt) throw expiredIterator(iterator, time);
  const shard = streams.shard(stream, iterator.shard);
  limits?.startRead(`${stream.name}/${shard.id}`, time);
  const read = shard.log.read(iterator.position, { records: limitIn(input), bytes: getBytesMax });
  limits?.endRead(`${stream.name}/${shard.id}`, sizeOf(read.records), time);
  const isExhausted = !shard.isOpen && read.nextArrivedAt === undefined;
  const tail = JSON.stringify({
    MillisBehindLatest: read.nextArrivedAt === undefined ? 0 : Math.max(0, time - read.nextArrivedAt),
    // Without an iterator to go on with, a reader knows that the shard is closed, and finds its successors here.
    ...(isExhausted
      ? { ChildShards: childShards(stream, shard) }
      : { NextShardIterator: iteratorAt(stream, shard, read.next, time) }),
  });
  const records = read.records.map((record) => renderRecord(stream.sequencePrefix, record)).join(',');
  return new RenderedJson(`{"Records":[${records}],${tail.slice(1)}`);
}

function limitIn(input: OperationInput): number {
  const limit = input['Limit'];
  if (limit === undefined || limit === null) return getRecordsMax;
  if (typeof limit === 'number' && limit >= 1 && limit <= getRecordsMax) return limit;
  throw invalid(`Limit must be between 1 and ${getRecordsMax}`, 'ValidationException');
}

function sizeOf(records: readonly StoredRecord[]): number {
  return records.reduce((sum, record) => sum + frameHeaderBytes + record.data.length, 0);
}

/** JSON by hand, twice as fast as by object (bench/local-cloud.ts): only the partition key can need escapes. */
function renderRecord(sequencePrefix: string, record: StoredRecord): string {
  const number = sequenceNumber(sequencePrefix, record.sequence);
  const arrival = record.arrivedAt / 1000;
  const key = JSON.stringify(record.partitionKey);
  const data = record.data.toString('base64');
  return `{"SequenceNumber":"${number}","ApproximateArrivalTimestamp":${arrival},"Data":"${data}","PartitionKey":${key},"EncryptionType":"NONE"}`;
}

function childShards(stream: Stream, shard: Shard): unknown[] {
  return stream.shards
    .filter((child) => child.isChildOf(shard.id))
    .map(({ record }) => ({
      ShardId: record.id,
      ParentShards: [record.parent, record.adjacentParent].filter((parent) => parent !== undefined),
      HashKeyRange: describeHashKeyRange(record.range),
    }));
}

function invalid(message: string, type = 'InvalidArgumentException'): AwsError {
  return new AwsError(400, type, message);
}
