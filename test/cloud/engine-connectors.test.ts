/** Connectors and checkpoint storage against the local services, with the real SDK. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectorEvent, ConnectorHost, SplitReader } from '#engine/connectors/connector.ts';
import { dynamoDb } from '#engine/connectors/dynamodb/index.ts';
import { kinesis, kinesisSink } from '#engine/connectors/kinesis/index.ts';
import { recordBatch } from '#engine/data/record-batch.ts';
import { t } from '#engine/data/built-in-types.ts';
import { isFenced } from '#engine/host.ts';
import type { CheckpointStorage } from '#engine/host.ts';
import { nodeScheduler } from '#engine/worker/node-scheduler.ts';
import { openS3Storage } from '#engine/worker/s3-storage.ts';
import { startEndpoint } from '#local/endpoint.ts';
import type { Endpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import type { DynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import type { Kinesis } from '#local/services/kinesis/kinesis.ts';
import { openS3 } from '#local/services/s3/s3.ts';
import type { S3 } from '#local/services/s3/s3.ts';

let directory: string;
let endpoint: Endpoint;
let streams: Kinesis;
let tables: DynamoDb;
let objects: S3;
let events: ConnectorEvent[];
let serial = 0;
let stream: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headwater-connectors-'));
  streams = await openKinesis({ directory: join(directory, 'kinesis'), limits: true });
  tables = await openDynamoDb({ directory: join(directory, 'dynamodb') });
  objects = await openS3({ directory: join(directory, 's3') });
  objects.createBucket('headwater');
  endpoint = await startEndpoint({ port: 0, services: [streams, tables, objects] });
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  process.env['AWS_REGION'] = 'eu-west-1';
});

afterAll(async () => {
  await endpoint.close();
  await Promise.all([streams.close(), tables.close(), objects.close()]);
  await rm(directory, { recursive: true });
});

beforeEach(async () => {
  events = [];
  serial += 1;
  stream = `numbers-${serial}`;
  await streams.invoke('CreateStream', { StreamName: stream, ShardCount: 2 });
});

function host(epoch = 1, owner = 'test'): ConnectorHost {
  return {
    ...nodeScheduler(),
    random: () => Math.random(),
    environment: { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1' },
    epoch,
    owner,
    report: (event) => events.push(event),
  };
}

async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > deadline) throw new Error(`Nothing came: ${JSON.stringify(events)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

const Numbered = t.row({ n: t.int });

function source(more: Partial<Parameters<typeof kinesis<{ n: number }>>[0]> = {}) {
  return kinesis({ stream, schema: Numbered, ...more });
}

async function put(...numbers: readonly (number | string)[]): Promise<void> {
  const Records = numbers.map((n) => ({
    PartitionKey: String(n),
    Data: Buffer.from(typeof n === 'string' ? n : JSON.stringify({ n })).toString('base64'),
  }));
  await streams.invoke('PutRecords', { StreamName: stream, Records });
}

/** Polls as a subtask does. */
function collect(reader: SplitReader<{ n: number }>): {
  readonly numbers: number[];
  readonly take: () => void;
  undecodable: number;
} {
  const batch = recordBatch();
  const collected = {
    numbers: [] as number[],
    undecodable: 0,
    take: () => {
      for (let polled = reader.poll(batch); polled !== undefined; polled = reader.poll(batch)) {
        for (const value of batch.values.slice(0, batch.size))
          collected.numbers.push((value as { n: number }).n);
        collected.undecodable += polled.undecodable?.length ?? 0;
      }
    },
  };
  reader.onAvailable(collected.take);
  return collected;
}

describe('the Kinesis source', () => {
  test('goes on behind the last record of its positions', async () => {
    await put(...Array.from({ length: 300 }, (_, n) => n));
    await put(...Array.from({ length: 300 }, (_, n) => 300 + n));
    const splits = await source().enumerator(host()).discover(new Map());
    expect(splits).toHaveLength(2);
    const first = source().reader(host(), 0);
    const batch = recordBatch();
    for (const split of splits) first.add(split);
    const seen: number[] = [];
    await until(() => {
      const polled = seen.length > 300 ? undefined : first.poll(batch);
      if (polled !== undefined)
        seen.push(...batch.values.slice(0, batch.size).map((value) => (value as { n: number }).n));
      return seen.length > 300;
    });
    const positions = first.positions();
    await first.close();

    const second = source().reader(host(), 0);
    const rest = collect(second);
    for (const split of positions) second.add(split);
    await until(() => seen.length + rest.numbers.length >= 600);
    await second.close();
    expect([...seen, ...rest.numbers].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 600 }, (_, n) => n),
    );
  });

  test('begins at the moment of the start where it is told to begin at the latest record', async () => {
    await put(1, 2, 3);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    const latest = source({ start: 'latest' });
    const splits = await latest.enumerator(host()).discover(new Map());
    await put(4);
    const reader = latest.reader(host(), 0);
    const read = collect(reader);
    for (const split of splits) reader.add(split);
    await until(() => read.numbers.length > 0);
    await reader.close();
    expect(read.numbers).toEqual([4]);
  });

  test('finishes a shard that was split and finds its children from their first record', async () => {
    const enumerator = source({ start: 'latest' }).enumerator(host());
    const splits = await enumerator.discover(new Map());
    await streams.invoke('SplitShard', {
      StreamName: stream,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: (2n ** 126n).toString(),
    });
    const reader = source().reader(host(), 0);
    collect(reader);
    for (const split of splits) reader.add(split);
    await until(() => reader.positions().some((split) => split.finished === true));
    await reader.close();
    const known = new Map(reader.positions().map((split) => [split.id, split.finished === true]));
    expect([...known.values()].filter(Boolean)).toHaveLength(1);
    const children = await enumerator.discover(known);
    expect(children).toMatchObject([
      { position: 'trim-horizon', parents: ['shardId-000000000000'] },
      { position: 'trim-horizon', parents: ['shardId-000000000000'] },
    ]);
  });

  test('keeps records that are none aside, with position and reason', async () => {
    await put(1, '{"n":"x"}', 2);
    const reader = source().reader(host(), 0);
    const read = collect(reader);
    for (const split of await source().enumerator(host()).discover(new Map())) reader.add(split);
    await until(() => read.numbers.length + read.undecodable === 3);
    await reader.close();
    expect(read.numbers.sort((a, b) => a - b)).toEqual([1, 2]);
    expect(read.undecodable).toBe(1);
  });

  test('stays within the calls that AWS allows, and goes on after it was throttled', async () => {
    const readers = [1, 2].map(() => source({ pollIntervalMs: 50 }).reader(host(), 0));
    const splits = await source().enumerator(host()).discover(new Map());
    const reads = readers.map((reader) => {
      const read = collect(reader);
      for (const split of splits) reader.add(split);
      return read;
    });
    for (let n = 0; n < 20; n++) {
      await put(n);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    await until(() => reads.every((read) => read.numbers.length >= 20));
    for (const reader of readers) await reader.close();
    expect(events.some((event) => event.fields['error'] === 'ProvisionedThroughputExceededException')).toBe(
      true,
    );
    for (const read of reads)
      expect(read.numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('fails with stream and operation when the stream is not there', async () => {
    const missing = kinesis({ stream: 'nowhere', schema: Numbered });
    await expect(missing.enumerator(host()).discover(new Map())).rejects.toThrow(
      'Cannot call ListShards on stream "nowhere": ResourceNotFoundException',
    );
    const reader = missing.reader(host(), 0);
    reader.add({ id: 'shardId-000000000000', position: 'trim-horizon' });
    let failure: unknown;
    await until(() => {
      try {
        reader.poll(recordBatch());
      } catch (error) {
        failure = error;
      }
      return failure !== undefined;
    });
    expect(String(failure)).toContain('shard "shardId-000000000000" of stream "nowhere"');
  });
});

describe('the Kinesis sink', () => {
  test('makes all durable by a flush, though the stream throttles', async () => {
    const writer = kinesisSink<{ n: number }>({ stream, partitionKey: (value) => String(value.n) }).writer(
      host(),
      0,
    );
    // Two shards take 2,000 records a second.
    for (let n = 0; n < 3000; n++) writer.write({ n }, 0);
    expect(writer.pending).toBeGreaterThan(writer.highWater);
    await writer.flush();
    expect(writer.pending).toBe(0);
    await writer.close();
    const reader = source().reader(host(), 0);
    const read = collect(reader);
    for (const split of await source().enumerator(host()).discover(new Map())) reader.add(split);
    await until(() => read.numbers.length >= 3000);
    await reader.close();
    expect(new Set(read.numbers).size).toBe(3000);
  });
});

interface Total {
  readonly country: string;
  readonly count: number;
}

describe('the DynamoDB sink', () => {
  let table: string;

  beforeEach(async () => {
    table = `totals-${serial}`;
    await tables.invoke('CreateTable', {
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'country', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'country', AttributeType: 'S' }],
    });
  });

  const sink = () => dynamoDb<Total>({ table, key: (total) => ({ country: total.country }) });
  const item = (country: string) =>
    tables.invoke('GetItem', { TableName: table, Key: { country: { S: country } } });

  test('keeps the latest record per key and the epoch that wrote it', async () => {
    const writer = sink().writer(host(3), 0);
    for (let count = 1; count <= 500; count++)
      writer.write({ country: count % 2 === 0 ? 'PT' : 'ES', count }, 0);
    await writer.flush();
    expect(writer.pending).toBe(0);
    expect(await item('PT')).toMatchObject({ Item: { count: { N: '500' }, _epoch: { N: '3' } } });
    expect(await item('ES')).toMatchObject({ Item: { count: { N: '499' } } });
  });

  test('lets the same epoch write again and fences an older one', async () => {
    const older = sink().writer(host(1), 0);
    const newer = sink().writer(host(2), 0);
    newer.write({ country: 'PT', count: 7 }, 0);
    await newer.flush();
    newer.write({ country: 'PT', count: 8 }, 0);
    await newer.flush();
    older.write({ country: 'PT', count: 1 }, 0);
    const failure: unknown = await older.flush().catch((error: unknown) => error);
    expect(isFenced(failure)).toBe(true);
    expect(String(failure)).toContain('a job of the same deployment with an epoch above 1 has written it');
    expect(() => older.write({ country: 'ES', count: 1 }, 0)).toThrow('epoch');
    expect(await item('PT')).toMatchObject({ Item: { count: { N: '8' } } });
  });

  test('takes over what another deployment has left, whatever its epoch was', async () => {
    const before = sink().writer(host(9, 'checkpoints/gone'), 0);
    before.write({ country: 'PT', count: 1 }, 0);
    await before.flush();
    const after = sink().writer(host(1), 0);
    after.write({ country: 'PT', count: 2 }, 0);
    await after.flush();
    expect(await item('PT')).toMatchObject({ Item: { count: { N: '2' }, _epoch: { N: '1' } } });
  });

  test('names the attribute that DynamoDB has no form for', () => {
    const writer = sink().writer(host(), 0);
    expect(() => writer.write({ country: 'PT', count: Number.NaN }, 0)).toThrow(
      'Cannot write attribute "count": NaN',
    );
  });

  test('fails with the table when it is not there', async () => {
    const writer = dynamoDb<Total>({ table: 'nowhere', key: (total) => ({ country: total.country }) }).writer(
      host(),
      0,
    );
    writer.write({ country: 'PT', count: 1 }, 0);
    await expect(writer.flush()).rejects.toThrow(
      'Cannot call PutItem on table "nowhere": ResourceNotFoundException',
    );
  });
});

describe('the checkpoint storage on S3', () => {
  let storage: CheckpointStorage;
  const bytes = (text: string): Uint8Array => Buffer.from(text);

  beforeEach(async () => {
    storage = await openS3Storage('headwater', endpoint.url);
  });

  test('reads what it wrote, and nothing where nothing is', async () => {
    const { etag } = await storage.put('a/1', bytes('one'));
    const found = await storage.get('a/1');
    expect(found).toEqual({ bytes: new Uint8Array(bytes('one')), etag });
    expect(await storage.get('a/none')).toBeUndefined();
  });

  test('refuses a write on a condition that no longer holds', async () => {
    const { etag } = await storage.put('head', bytes('1'));
    await storage.put('head', bytes('2'), { ifMatch: etag });
    const failure: unknown = await storage
      .put('head', bytes('3'), { ifMatch: etag })
      .catch((error: unknown) => error);
    expect(isFenced(failure)).toBe(true);
    const second: unknown = await storage
      .put('head', bytes('4'), { ifNoneMatch: '*' })
      .catch((error: unknown) => error);
    expect(isFenced(second)).toBe(true);
    const gone: unknown = await storage
      .put('gone', bytes('5'), { ifMatch: etag })
      .catch((error: unknown) => error);
    expect(isFenced(gone)).toBe(true);
  });

  test('takes a refused write for its own when the object is what it wanted to write', async () => {
    const { etag } = await storage.put('lost', bytes('1'));
    const second = await storage.put('lost', bytes('2'), { ifMatch: etag });
    // The answer to the second write was lost, and the request is sent again.
    expect(await storage.put('lost', bytes('2'), { ifMatch: etag })).toEqual(second);
  });

  test('lists and deletes more objects than one call takes', async () => {
    for (let n = 0; n < 1010; n++)
      await objects.putObject('headwater', `many/${String(n).padStart(4, '0')}`, 'x');
    const list = async (): Promise<string[]> => {
      const keys: string[] = [];
      for await (const key of storage.list('many/')) keys.push(key);
      return keys;
    };
    const keys = await list();
    expect(keys).toHaveLength(1010);
    await storage.delete([...keys, 'many/none']);
    expect(await list()).toEqual([]);
  });
});
