/** The operations on shards: ListShards, SplitShard, MergeShards, UpdateShardCount. */
import { AwsError } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import { decimalOfHex, hexBefore, hexOfDecimal, isHashKey, uniformRanges } from './partition.ts';
import type { HashKeyRange } from './partition.ts';
import { sequenceNumber } from './sequence-number.ts';
import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';
import type { Streams } from './streams.ts';

const shardsPerPage = 1000;

/** Makes the operations on shards. */
export function shardOperations(streams: Streams, now: () => number): Record<string, Operation> {
  return {
    ListShards: (input) => listShards(streams, input),
    SplitShard(input) {
      const stream = streams.named(input);
      const shard = openShard(streams, stream, input['ShardToSplit']);
      stream.split(shard, splitPoint(shard, input['NewStartingHashKey']), now());
      return {};
    },
    MergeShards(input) {
      const stream = streams.named(input);
      const shard = openShard(streams, stream, input['ShardToMerge']);
      const adjacent = openShard(streams, stream, input['AdjacentShardToMerge']);
      if (!areNeighbors(shard, adjacent)) {
        throw invalid(
          `Shards ${shard.id} and ${adjacent.id} in stream ${stream.name} are not an adjacent pair`,
        );
      }
      stream.merge(shard, adjacent, now());
      return {};
    },
    UpdateShardCount(input) {
      const stream = streams.named(input);
      const target = input['TargetShardCount'];
      if (typeof target !== 'number' || !Number.isInteger(target) || target < 1 || target > 1000) {
        throw invalid('TargetShardCount must be an integer between 1 and 1000');
      }
      const current = stream.openShards.length;
      if (target !== current) reshard(stream, target, now());
      return {
        StreamName: stream.name,
        StreamARN: streams.arn(stream),
        CurrentShardCount: current,
        TargetShardCount: target,
      };
    },
  };
}

/** A hash key range as AWS writes it: decimal, both ends included. */
export function describeHashKeyRange(range: HashKeyRange): unknown {
  return { StartingHashKey: decimalOfHex(range.start), EndingHashKey: decimalOfHex(range.end) };
}

/** A shard as ListShards and DescribeStream show it. */
export function describeShard(stream: Stream, { record }: Shard): unknown {
  const number = (counter: number): string => sequenceNumber(stream.sequencePrefix, counter);
  return {
    ShardId: record.id,
    ...(record.parent === undefined ? {} : { ParentShardId: record.parent }),
    ...(record.adjacentParent === undefined ? {} : { AdjacentParentShardId: record.adjacentParent }),
    HashKeyRange: describeHashKeyRange(record.range),
    SequenceNumberRange: {
      StartingSequenceNumber: number(record.startingSequence),
      ...(record.endingSequence === undefined ? {} : { EndingSequenceNumber: number(record.endingSequence) }),
    },
  };
}

function listShards(streams: Streams, input: OperationInput): unknown {
  const token = input['NextToken'];
  const [name, after] =
    typeof token === 'string' ? parseToken(token) : [undefined, input['ExclusiveStartShardId']];
  const stream = streams.named(name === undefined ? input : { StreamName: name });
  const start = typeof after === 'string' ? after : '';
  const matching = stream.shards.filter(
    (shard) => shard.id > start && isAsked(stream, shard, input['ShardFilter']),
  );
  const limit = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : shardsPerPage;
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  const shards = { Shards: page.map((shard) => describeShard(stream, shard)) };
  if (page.length === matching.length || last === undefined) return shards;
  return { ...shards, NextToken: Buffer.from(JSON.stringify([stream.name, last.id])).toString('base64') };
}

function parseToken(token: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Falls through to the same answer as any other text that is no token.
  }
  throw invalid('NextToken is invalid');
}

function isAsked(stream: Stream, shard: Shard, filter: unknown): boolean {
  if (typeof filter !== 'object' || filter === null || !('Type' in filter)) return true;
  const timestamp =
    'Timestamp' in filter && typeof filter.Timestamp === 'number' ? filter.Timestamp * 1000 : 0;
  const after = 'ShardId' in filter && typeof filter.ShardId === 'string' ? filter.ShardId : '';
  switch (filter.Type) {
    case 'AFTER_SHARD_ID':
      return shard.id > after;
    case 'AT_LATEST':
      return shard.isOpen;
    case 'AT_TRIM_HORIZON':
      return isRoot(stream, shard);
    case 'AT_TIMESTAMP':
    case 'FROM_TIMESTAMP':
      return (shard.record.closedAt ?? Infinity) >= timestamp;
    default:
      return true;
  }
}

/** A shard whose parents are gone, or that never had any, holds the oldest records of its range. */
function isRoot(stream: Stream, { record }: Shard): boolean {
  return !stream.shards.some((shard) => shard.id === record.parent || shard.id === record.adjacentParent);
}

function openShard(streams: Streams, stream: Stream, id: unknown): Shard {
  const shard = streams.shard(stream, id);
  if (shard.isOpen) return shard;
  throw invalid(`Shard ${shard.id} in stream ${stream.name} is closed and can be neither split nor merged`);
}

function splitPoint(shard: Shard, start: unknown): string {
  const { range } = shard.record;
  const hex = typeof start === 'string' && isHashKey(start) ? hexOfDecimal(start) : '';
  if (hex > range.start && hex <= range.end) return hex;
  throw invalid(
    `NewStartingHashKey ${String(start)} used in SplitShard() on shard ${shard.id} is not both greater than one plus the shard's StartingHashKey and less than the shard's EndingHashKey.`,
  );
}

function areNeighbors(one: Shard, other: Shard): boolean {
  const [low, high] =
    one.record.range.start < other.record.range.start
      ? [one.record.range, other.record.range]
      : [other.record.range, one.record.range];
  return hexBefore(high.start) === low.end;
}

/**
 * Uniform scaling by the two moves that lineage can express: split at every new border, then merge what lies in one
 * new range. Some shards live for an instant only, as in AWS.
 */
function reshard(stream: Stream, target: number, now: number): void {
  const ranges = uniformRanges(target);
  for (const { start } of ranges) {
    const crossed = stream.openShards.find(
      ({ record }) => record.range.start < start && start <= record.range.end,
    );
    if (crossed !== undefined) stream.split(crossed, start, now);
  }
  for (const range of ranges) {
    for (let pair = twoWithin(stream, range); pair !== undefined; pair = twoWithin(stream, range)) {
      stream.merge(pair[0], pair[1], now);
    }
  }
}

function twoWithin(stream: Stream, range: HashKeyRange): readonly [Shard, Shard] | undefined {
  const [first, second] = stream.openShards
    .filter(({ record }) => record.range.start >= range.start && record.range.end <= range.end)
    .sort((a, b) => (a.record.range.start < b.record.range.start ? -1 : 1));
  return first === undefined || second === undefined ? undefined : [first, second];
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidArgumentException', message);
}
