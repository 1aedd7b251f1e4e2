/** The operations on streams as a whole: their life, retention, tags and descriptions. */
import { AwsError } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import { describeShard } from './shard-operations.ts';
import type { Stream } from './stream.ts';
import type { Streams } from './streams.ts';

// What AWS gives an on-demand stream to begin with.
const onDemandShards = 4;
const retentionHoursMin = 24;
const retentionHoursMax = 8760;
const shardsPerPage = 100;
const streamsPerPage = 100;

/** Makes the operations on streams. */
export function streamOperations(streams: Streams, now: () => number): Record<string, Operation> {
  return {
    ...life(streams, now),
    ...retention(streams),
    ...tags(streams),
    DescribeStream: (input) => describeStream(streams, input),
    DescribeStreamSummary(input) {
      const stream = streams.named(input);
      const summary = {
        ...describe(streams, stream),
        OpenShardCount: stream.openShards.length,
        ConsumerCount: 0,
      };
      return { StreamDescriptionSummary: summary };
    },
    DescribeLimits() {
      const open = [...streams.all()].reduce((sum, stream) => sum + stream.openShards.length, 0);
      return {
        ShardLimit: 20_000,
        OpenShardCount: open,
        OnDemandStreamCount: 0,
        OnDemandStreamCountLimit: 50,
      };
    },
  };
}

function life(streams: Streams, now: () => number): Record<string, Operation> {
  return {
    CreateStream(input) {
      const { StreamName: name } = input;
      if (typeof name !== 'string' || !/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) {
        throw new AwsError(
          400,
          'ValidationException',
          `StreamName "${String(name)}" must match [a-zA-Z0-9_.-]{1,128}`,
        );
      }
      const mode = modeIn(input);
      streams.create(
        { name, createdAt: now(), mode, tags: tagsIn(input['Tags']) },
        shardCountIn(input, mode),
      );
      return {};
    },
    DeleteStream(input) {
      streams.delete(streams.named(input));
      return {};
    },
    ListStreams(input) {
      const after = input['NextToken'] ?? input['ExclusiveStartStreamName'];
      const limit = typeof input['Limit'] === 'number' ? input['Limit'] : streamsPerPage;
      const names = streams.names.filter((name) => typeof after !== 'string' || name > after);
      const page = names.slice(0, limit);
      const more = page.length < names.length;
      return {
        StreamNames: page,
        StreamSummaries: page.flatMap((name) => summarize(streams, name)),
        HasMoreStreams: more,
        ...(more ? { NextToken: page.at(-1) } : {}),
      };
    },
  };
}

function summarize(streams: Streams, name: string): unknown[] {
  const stream = streams.find(name);
  if (stream === undefined) return [];
  const { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp } = describe(
    streams,
    stream,
  );
  return [{ StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp }];
}

function modeIn(input: OperationInput): 'ON_DEMAND' | 'PROVISIONED' {
  const details = input['StreamModeDetails'];
  const asked =
    typeof details === 'object' && details !== null && 'StreamMode' in details
      ? details.StreamMode
      : undefined;
  return asked === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED';
}

function shardCountIn(input: OperationInput, mode: 'ON_DEMAND' | 'PROVISIONED'): number {
  if (mode === 'ON_DEMAND') return onDemandShards;
  const count = input['ShardCount'];
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1) return count;
  throw new AwsError(400, 'ValidationException', 'ShardCount must be an integer of at least 1');
}

function retention(streams: Streams): Record<string, Operation> {
  const change =
    (isLegal: (current: number, asked: number) => boolean, verb: string): Operation =>
    (input) => {
      const stream = streams.named(input);
      const hours = input['RetentionPeriodHours'];
      const inRange = typeof hours === 'number' && hours >= retentionHoursMin && hours <= retentionHoursMax;
      if (!inRange || !isLegal(stream.retentionHours, hours)) {
        throw new AwsError(
          400,
          'InvalidArgumentException',
          `Cannot ${verb} the retention of stream "${stream.name}" from ${stream.retentionHours} to ${String(hours)} hours; give ${retentionHoursMin} to ${retentionHoursMax}`,
        );
      }
      stream.setRetention(hours);
      return {};
    };
  return {
    IncreaseStreamRetentionPeriod: change((current, asked) => asked >= current, 'increase'),
    DecreaseStreamRetentionPeriod: change((current, asked) => asked <= current, 'decrease'),
  };
}

function tags(streams: Streams): Record<string, Operation> {
  return {
    AddTagsToStream(input) {
      const stream = streams.named(input);
      stream.setTags({ ...stream.tags, ...tagsIn(input['Tags']) });
      return {};
    },
    RemoveTagsFromStream(input) {
      const stream = streams.named(input);
      const gone = Array.isArray(input['TagKeys']) ? input['TagKeys'] : [];
      stream.setTags(Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !gone.includes(key))));
      return {};
    },
    ListTagsForStream(input) {
      const entries = Object.entries(streams.named(input).tags);
      return { Tags: entries.map(([Key, Value]) => ({ Key, Value })), HasMoreTags: false };
    },
  };
}

function tagsIn(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, tag]) => [key, String(tag)]));
}

function describe(streams: Streams, stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: streams.arn(stream),
    // Streams are usable at once; nothing here takes the minutes that it takes in AWS.
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: stream.createdAt / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

function describeStream(streams: Streams, input: OperationInput): unknown {
  const stream = streams.named(input);
  const after = typeof input['ExclusiveStartShardId'] === 'string' ? input['ExclusiveStartShardId'] : '';
  const limit = typeof input['Limit'] === 'number' ? input['Limit'] : shardsPerPage;
  const shards = stream.shards.filter((shard) => shard.id > after);
  return {
    StreamDescription: {
      ...describe(streams, stream),
      Shards: shards.slice(0, limit).map((shard) => describeShard(stream, shard)),
      HasMoreShards: shards.length > limit,
    },
  };
}
