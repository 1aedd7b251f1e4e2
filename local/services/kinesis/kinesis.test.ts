import { appendFileSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  InvalidArgumentException,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceNotFoundException,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEndpoint } from '../../endpoint.ts';
import type { Endpoint } from '../../endpoint.ts';
import { CorruptDataError } from '../corrupt-data-error.ts';
import { openKinesis } from './kinesis.ts';
import type { Kinesis } from './kinesis.ts';

const hourMs = 3_600_000;
const StreamName = 'clicks';
const middleHashKey = (2n ** 127n).toString();

// Some tests move many megabytes, and the machine may be busy with others.
vi.setConfig({ testTimeout: 30_000 });

let directory: string;
let service: Kinesis;
let endpoint: Endpoint;
let client: KinesisClient;
let now: number;

async function open(limits = false): Promise<void> {
  service = await openKinesis({ directory, limits, clock: () => now });
  endpoint = await startEndpoint({ port: 0, services: [service] });
  client = new KinesisClient({
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
}

async function close(): Promise<void> {
  client.destroy();
  await endpoint.close();
  await service.close();
}

async function reopen(limits = false): Promise<void> {
  await close();
  await open(limits);
}

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  directory = await mkdtemp(path.join(tmpdir(), 'kinesis-'));
  await open();
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
});

afterEach(async () => {
  await close();
  await rm(directory, { recursive: true, force: true });
});

const put = (PartitionKey: string, text: string, ExplicitHashKey?: string) =>
  client.send(
    new PutRecordCommand({
      StreamName,
      PartitionKey,
      Data: Buffer.from(text),
      ...(ExplicitHashKey === undefined ? {} : { ExplicitHashKey }),
    }),
  );
/** Puts into the first shard. */
const putFirst = (text: string) => put('any', text, '0');
const shardName = (number: number) => `shardId-${String(number).padStart(12, '0')}`;

async function iterator(shard: number, rest: Partial<GetShardIteratorCommandInput> = {}): Promise<string> {
  const command = new GetShardIteratorCommand({
    StreamName,
    ShardId: shardName(shard),
    ShardIteratorType: 'TRIM_HORIZON',
    ...rest,
  });
  return (await client.send(command)).ShardIterator ?? '';
}

const get = (ShardIterator: string | undefined, Limit?: number) =>
  client.send(new GetRecordsCommand({ ShardIterator, ...(Limit === undefined ? {} : { Limit }) }));

async function texts(shard: number, rest: Partial<GetShardIteratorCommandInput> = {}): Promise<string[]> {
  const { Records = [] } = await get(await iterator(shard, rest));
  return Records.map((record) => Buffer.from(record.Data ?? []).toString());
}

describe('putting', () => {
  test('a record goes to the shard that the MD5 of its partition key falls into', async () => {
    // MD5("a") begins with 0c, MD5("b") with 92: below and above the middle.
    expect((await put('a', 'low')).ShardId).toBe(shardName(0));
    expect((await put('b', 'high')).ShardId).toBe(shardName(1));
    expect(await texts(0)).toEqual(['low']);
    expect(await texts(1)).toEqual(['high']);
  });

  test('an explicit hash key overrules the partition key', async () => {
    expect((await put('b', 'x', '0')).ShardId).toBe(shardName(0));
    await expect(put('b', 'x', (2n ** 128n).toString())).rejects.toBeInstanceOf(InvalidArgumentException);
  });

  test('sequence numbers rise within a batch and across a restart', async () => {
    const { Records = [], FailedRecordCount } = await client.send(
      new PutRecordsCommand({
        StreamName,
        Records: ['a', 'b', 'c'].map((text) => ({ Data: Buffer.from(text), PartitionKey: text })),
      }),
    );
    expect(FailedRecordCount).toBe(0);
    await reopen();
    const last = await putFirst('d');
    const numbers = [...Records, last].map((record) => BigInt(record.SequenceNumber ?? 0));
    expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(numbers).size).toBe(4);
    expect(last.SequenceNumber).toHaveLength(56);
  });

  test('binary data and a key outside ASCII come back unchanged', async () => {
    const data = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await client.send(
      new PutRecordCommand({ StreamName, PartitionKey: 'žluť ☀', Data: data, ExplicitHashKey: '0' }),
    );
    const { Records } = await get(await iterator(0));
    expect(Buffer.from(Records?.[0]?.Data ?? [])).toEqual(data);
    expect(Records?.[0]?.PartitionKey).toBe('žluť ☀');
  });

  test('a record above 1 MiB is refused', async () => {
    const huge = new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.alloc(1024 * 1024 + 1) });
    await expect(client.send(huge)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a batch above a thousand records a second is throttled in part when limits are on', async () => {
    await reopen(true);
    const batch = () =>
      client.send(
        new PutRecordsCommand({
          StreamName,
          Records: Array.from({ length: 400 }, () => ({ Data: Buffer.from('x'), PartitionKey: 'a' })),
        }),
      );
    await batch();
    await batch();
    const third = await batch();
    expect(third.FailedRecordCount).toBe(200);
    expect(third.Records?.at(-1)?.ErrorCode).toBe('ProvisionedThroughputExceededException');
    now += 1000;
    expect((await batch()).FailedRecordCount).toBe(0);
  });
});

describe('iterators', () => {
  test('LATEST sees only what is put afterwards, also in a shard without records', async () => {
    const before = await iterator(0, { ShardIteratorType: 'LATEST' });
    expect((await get(before)).Records).toEqual([]);
    await putFirst('1');
    const after = await iterator(0, { ShardIteratorType: 'LATEST' });
    await putFirst('2');
    expect((await get(before)).Records).toHaveLength(2);
    expect((await get(after)).Records).toHaveLength(1);
  });

  test('AT and AFTER a sequence number differ by that record', async () => {
    await putFirst('1');
    const { SequenceNumber: StartingSequenceNumber } = await putFirst('2');
    await putFirst('3');
    expect(await texts(0, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual([
      '2',
      '3',
    ]);
    expect(await texts(0, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual([
      '3',
    ]);
  });

  test("the shard's starting sequence number is a valid place to begin", async () => {
    await putFirst('1');
    const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
    const StartingSequenceNumber = Shards?.[0]?.SequenceNumberRange?.StartingSequenceNumber;
    expect(await texts(0, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual([
      '1',
    ]);
  });

  test('AT_TIMESTAMP answers at once when no record is as young', async () => {
    await putFirst('1');
    const Timestamp = new Date(now + hourMs);
    expect(await texts(0, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).toEqual([]);
    expect(await texts(1, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).toEqual([]);
  });

  test('a search by time or by sequence begins with the right record, wherever it lies among index entries', async () => {
    const sequences: (string | undefined)[] = [];
    const start = now;
    for (let i = 0; i < 40; i++) {
      sequences.push((await putFirst(`${i}-${'x'.repeat(3000)}`)).SequenceNumber);
      now += 1000;
    }
    const firstOf = async (from: Partial<GetShardIteratorCommandInput>) => {
      const { Records } = await get(await iterator(0, from), 1);
      return Number.parseInt(Buffer.from(Records?.[0]?.Data ?? []).toString(), 10);
    };
    for (const [i, StartingSequenceNumber] of sequences.entries()) {
      const Timestamp = new Date(start + i * 1000 - 500);
      expect(await firstOf({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).toBe(i);
      expect(await firstOf({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toBe(i);
    }
  });

  test('an iterator older than five minutes is expired', async () => {
    const old = await iterator(0);
    now += 5 * 60_000 + 1;
    await expect(get(old)).rejects.toBeInstanceOf(ExpiredIteratorException);
  });

  test('garbage is no iterator', async () => {
    await expect(get('garbage')).rejects.toBeInstanceOf(InvalidArgumentException);
  });

  test('a sequence number of a deleted stream of the same name is refused', async () => {
    const { SequenceNumber: StartingSequenceNumber } = await putFirst('1');
    const old = await iterator(0);
    await client.send(new DeleteStreamCommand({ StreamName }));
    now += 1;
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    expect(await texts(0)).toEqual([]);
    const again = iterator(0, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber });
    await expect(again).rejects.toThrow('did not come from this stream');
    await expect(get(old)).rejects.toBeInstanceOf(ExpiredIteratorException);
  });

  test('a stream or shard that is not there is not found', async () => {
    await expect(iterator(7)).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(iterator(0, { StreamName: 'other' })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

describe('reading', () => {
  test('pages follow one another without gap or repetition', async () => {
    for (let i = 0; i < 7; i++) await putFirst(String(i));
    const seen: string[] = [];
    let next: string | undefined = await iterator(0);
    while (seen.length < 7) {
      const page = await get(next, 3);
      for (const record of page.Records ?? []) seen.push(Buffer.from(record.Data ?? []).toString());
      next = page.NextShardIterator;
    }
    expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect((await get(next)).Records).toEqual([]);
  });

  test('MillisBehindLatest is the age of the next record, and 0 at the tip', async () => {
    await putFirst('1');
    now += 5000;
    await putFirst('2');
    now += 2000;
    const first = await get(await iterator(0), 1);
    expect(first.MillisBehindLatest).toBe(2000);
    expect((await get(first.NextShardIterator)).MillisBehindLatest).toBe(0);
  });

  test('a shard that is read more than five times a second is throttled when limits are on', async () => {
    await reopen(true);
    const from = await iterator(0);
    for (let i = 0; i < 5; i++) await get(from);
    await expect(get(from)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    now += 1000;
    await get(from);
  });

  test('a reader goes on over the border of two segment files', async () => {
    const text = 'x'.repeat(1_000_000);
    for (let i = 0; i < 20; i++) await putFirst(text);
    const files = readdirSync(path.join(directory, 'stream-clicks', shardName(0)));
    expect(files).toHaveLength(2);
    let count = 0;
    let next: string | undefined = await iterator(0);
    for (let behind = 1; behind > 0 || count < 20;) {
      now += 1;
      const page = await get(next);
      count += page.Records?.length ?? 0;
      behind = page.MillisBehindLatest ?? 0;
      next = page.NextShardIterator;
    }
    expect(count).toBe(20);
    await reopen();
    expect(await texts(0, { ShardIteratorType: 'LATEST' })).toEqual([]);
    expect((await get(await iterator(0), 1)).Records).toHaveLength(1);
  });
});

describe('resharding', () => {
  test('a split shard ends, names its children, and they take its range', async () => {
    await put('a', 'before');
    const split = new SplitShardCommand({
      StreamName,
      ShardToSplit: shardName(0),
      NewStartingHashKey: (2n ** 126n).toString(),
    });
    await client.send(split);
    const parent = await get(await iterator(0));
    expect(parent.Records).toHaveLength(1);
    expect(parent.NextShardIterator).toBeUndefined();
    expect(parent.ChildShards?.map((child) => [child.ShardId, child.ParentShards])).toEqual([
      [shardName(2), [shardName(0)]],
      [shardName(3), [shardName(0)]],
    ]);
    expect((await put('a', 'after')).ShardId).toBe(shardName(2));
    await expect(client.send(split)).rejects.toBeInstanceOf(InvalidArgumentException);
  });

  test('a closed shard is read to its end before its children are named', async () => {
    await putFirst('1');
    await putFirst('2');
    await client.send(
      new MergeShardsCommand({ StreamName, ShardToMerge: shardName(0), AdjacentShardToMerge: shardName(1) }),
    );
    const page = await get(await iterator(0), 1);
    expect(page.ChildShards).toBeUndefined();
    const last = await get(page.NextShardIterator, 1);
    expect(last.NextShardIterator).toBeUndefined();
    expect(last.ChildShards?.[0]?.ParentShards).toEqual([shardName(0), shardName(1)]);
  });

  test('shards that do not touch are not merged', async () => {
    await client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }),
    );
    const { Shards = [] } = await client.send(
      new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
    );
    const merge = new MergeShardsCommand({
      StreamName,
      ShardToMerge: Shards[0]?.ShardId,
      AdjacentShardToMerge: Shards[2]?.ShardId,
    });
    await expect(client.send(merge)).rejects.toThrow('not an adjacent pair');
  });

  test.each([1, 3, 4, 7])('a stream scaled to %i shards covers all hash keys evenly', async (target) => {
    await client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: target, ScalingType: 'UNIFORM_SCALING' }),
    );
    await reopen();
    const { Shards = [] } = await client.send(
      new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
    );
    expect(Shards).toHaveLength(target);
    const ranges = Shards.map((shard) => [
      BigInt(shard.HashKeyRange?.StartingHashKey ?? -1),
      BigInt(shard.HashKeyRange?.EndingHashKey ?? -1),
    ]).sort((a, b) => ((a[0] ?? 0n) < (b[0] ?? 0n) ? -1 : 1));
    let expected = 0n;
    for (const [start, end] of ranges) {
      expect(start).toBe(expected);
      expected = (end ?? 0n) + 1n;
    }
    expect(expected).toBe(2n ** 128n);
  });

  test('children of a resharded stream get sequence numbers above those of their parents', async () => {
    const before = await put('a', 'x');
    await client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }),
    );
    const after = await put('a', 'y');
    expect(BigInt(after.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(before.SequenceNumber ?? 0));
  });

  test('shards are listed in pages', async () => {
    const first = await client.send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
    expect(first.Shards?.map((shard) => shard.ShardId)).toEqual([shardName(0)]);
    const second = await client.send(new ListShardsCommand({ NextToken: first.NextToken }));
    expect(second.Shards?.map((shard) => shard.ShardId)).toEqual([shardName(1)]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('streams', () => {
  test('a stream is active at once and described as AWS does', async () => {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription).toMatchObject({
      StreamARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/clicks',
      StreamStatus: 'ACTIVE',
      RetentionPeriodHours: 24,
      EncryptionType: 'NONE',
      HasMoreShards: false,
    });
    expect(StreamDescription?.Shards?.[1]?.HashKeyRange?.StartingHashKey).toBe(middleHashKey);
    const StreamARN = StreamDescription?.StreamARN;
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamARN }));
    expect(summary.StreamDescriptionSummary?.OpenShardCount).toBe(2);
  });

  test('a stream that exists is not created again', async () => {
    const again = client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await expect(again).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  test('a deleted stream is gone, also after a restart', async () => {
    await client.send(new DeleteStreamCommand({ StreamName }));
    await reopen();
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('an on-demand stream begins with four shards', async () => {
    await client.send(
      new CreateStreamCommand({ StreamName: 'auto', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    );
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: 'auto' }),
    );
    expect(StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 4,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
  });

  test('tags and retention survive a restart', async () => {
    await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'payments' } }));
    await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
    await reopen();
    const { Tags } = await client.send(new ListTagsForStreamCommand({ StreamName }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'payments' }]);
    const down = (RetentionPeriodHours: number) =>
      client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
    await expect(down(72)).rejects.toBeInstanceOf(InvalidArgumentException);
    await down(24);
  });

  test('an unknown operation gets the error of AWS', async () => {
    await expect(service.invoke('SubscribeToShard', {})).rejects.toMatchObject({
      type: 'UnknownOperationException',
    });
  });
});

describe('retention', () => {
  test('segments older than the retention go, younger ones stay, and readers go on', async () => {
    await putFirst('old');
    const old = await iterator(0);
    now += 2 * hourMs;
    const kept = await putFirst('kept');
    now += 23 * hourMs;
    const fresh = await iterator(0);
    service.sweep();
    expect(await texts(0)).toEqual(['kept']);
    expect((await get(fresh)).Records?.[0]?.SequenceNumber).toBe(kept.SequenceNumber);
    await expect(get(old)).rejects.toBeInstanceOf(ExpiredIteratorException);
  });

  test('sequence numbers go on rising when retention has deleted every record', async () => {
    const before = await putFirst('old');
    now += 25 * hourMs;
    service.sweep();
    await reopen();
    expect(await texts(0)).toEqual([]);
    const after = await putFirst('new');
    expect(BigInt(after.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(before.SequenceNumber ?? 0));
    expect(await texts(0)).toEqual(['new']);
  });

  test('a closed shard disappears when its last record has aged', async () => {
    await client.send(
      new MergeShardsCommand({ StreamName, ShardToMerge: shardName(0), AdjacentShardToMerge: shardName(1) }),
    );
    now += 25 * hourMs;
    service.sweep();
    await reopen();
    const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
    expect(Shards?.map((shard) => shard.ShardId)).toEqual([shardName(2)]);
  });
});

describe('files', () => {
  const logFile = () => {
    const folder = path.join(directory, 'stream-clicks', shardName(0));
    return path.join(folder, readdirSync(folder).at(-1) ?? '');
  };

  test.each([1, 20, 30])('a tail torn off by %i bytes loses that record only', async (bytes) => {
    await putFirst('first');
    await putFirst('second');
    await close();
    truncateSync(logFile(), readFileSync(logFile()).length - bytes);
    await open();
    expect(await texts(0)).toEqual(['first']);
    await putFirst('third');
    expect(await texts(0)).toEqual(['first', 'third']);
    await reopen();
    expect(await texts(0)).toEqual(['first', 'third']);
  });

  test('zeros behind the last record are cut off', async () => {
    await putFirst('first');
    await close();
    const whole = readFileSync(logFile());
    appendFileSync(logFile(), Buffer.alloc(4096));
    await open();
    expect(await texts(0)).toEqual(['first']);
    expect(readFileSync(logFile())).toEqual(whole);
  });

  test('a damaged record with whole ones behind it stops the start with the name of the file', async () => {
    await putFirst('first');
    await putFirst('second');
    await service.close();
    const bytes = readFileSync(logFile());
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    writeFileSync(logFile(), bytes);
    await expect(openKinesis({ directory })).rejects.toThrow(CorruptDataError);
    await expect(openKinesis({ directory })).rejects.toThrow(logFile());
  });

  test('a damaged record of an older segment is an error that names the file, and writing goes on', async () => {
    await putFirst('first');
    now += 2 * hourMs;
    await putFirst('second');
    const folder = path.join(directory, 'stream-clicks', shardName(0));
    const file = path.join(folder, readdirSync(folder)[0] ?? '');
    const bytes = readFileSync(file);
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const input = { ShardIterator: await iterator(0) };
    await expect(service.invoke('GetRecords', input)).rejects.toThrow(file);
    await putFirst('third');
    expect(await texts(0, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(now) })).toEqual([
      'second',
      'third',
    ]);
  });

  test('a damaged description stops the start with the name of the file', async () => {
    await service.close();
    writeFileSync(path.join(directory, 'stream-clicks', 'meta.json'), '{"version":');
    await expect(openKinesis({ directory })).rejects.toThrow('meta.json');
  });
});
