/** The three stores of the local cloud under kill -9: what was acknowledged is there, what is there is whole. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, expect, test } from 'vitest';

const writers = 6;
const rounds = 3;
const acknowledgedPerRound = 60;

let directory: string;
let child: ChildProcess;
let url: string;

async function start(): Promise<void> {
  child = fork(path.join(import.meta.dirname, 'local-stores-process.ts'), [directory], { stdio: 'inherit' });
  const [message] = await once(child, 'message');
  url = String(message);
}

async function kill(): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const config = () => ({
  endpoint: url,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  requestHandler: new NodeHttpHandler(),
  maxAttempts: 1,
});

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'local-stores-'));
  await start();
});

afterEach(async () => {
  await kill();
  await rm(directory, { recursive: true, force: true });
});

/** Lets writers run until enough is acknowledged, kills the process under them, and starts it again. */
async function writeUntilKilled(write: (id: string) => Promise<unknown>): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  const killing = new AbortController();
  const enough = Promise.withResolvers<void>();
  const writer = async (): Promise<void> => {
    while (!killing.signal.aborted) {
      const id = randomBytes(8).toString('hex');
      await write(id);
      if (acknowledged.add(id).size >= acknowledgedPerRound) enough.resolve();
    }
  };
  // Each writer ends with the error of the request that the kill cut off.
  const ended = Promise.allSettled(Array.from({ length: writers }, writer));
  await enough.promise;
  const killed = kill();
  killing.abort();
  await Promise.all([killed, ended]);
  await start();
  return acknowledged;
}

test('every acknowledged Kinesis record is found once, in order, after kill -9', async () => {
  await new KinesisClient(config()).send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const client = new KinesisClient(config());
    const ids = await writeUntilKilled((id) => {
      const Records = Array.from({ length: 50 }, (_, i) => ({
        PartitionKey: id,
        Data: Buffer.from(`${id}-${i}`),
      }));
      return client.send(new PutRecordsCommand({ StreamName: 's', Records }));
    });
    for (const id of ids) acknowledged.add(id);
  }
  const client = new KinesisClient(config());
  const start = {
    StreamName: 's',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  } as const;
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
  const seen: string[] = [];
  let last = 0n;
  for (let isBehind = true; isBehind;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    for (const record of page.Records ?? []) {
      const sequence = BigInt(record.SequenceNumber ?? 0);
      expect(sequence > last).toBe(true);
      last = sequence;
      seen.push(Buffer.from(record.Data ?? []).toString());
    }
    ({ NextShardIterator: ShardIterator } = page);
    isBehind = (page.MillisBehindLatest ?? 0) > 0;
  }
  const found = new Set(seen);
  expect(found.size).toBe(seen.length);
  const missing = Array.from(acknowledged).filter((id) => !found.has(`${id}-0`) || !found.has(`${id}-49`));
  expect(missing).toEqual([]);
});

test('every acknowledged DynamoDB transaction is found whole, in the table and its index, after kill -9', async () => {
  await new DynamoDBClient(config()).send(
    new CreateTableCommand({
      TableName: 'pairs',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'half'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'half', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byHalf',
          KeySchema: [{ AttributeName: 'half', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const client = new DynamoDBClient(config());
    const ids = await writeUntilKilled((id) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: ['left', 'right'].map((half) => ({
            Put: { TableName: 'pairs', Item: { id: { S: id }, half: { S: half } } },
          })),
        }),
      ),
    );
    for (const id of ids) acknowledged.add(id);
  }
  const client = new DynamoDBClient(config());
  const scan = async (IndexName?: string) => {
    const { Items = [] } = await client.send(
      new ScanCommand({ TableName: 'pairs', ...(IndexName === undefined ? {} : { IndexName }) }),
    );
    return new Set(Items.map((item) => `${item['id']?.S}/${item['half']?.S}`));
  };
  const found = await scan();
  expect(await scan('byHalf')).toEqual(found);
  expect(Array.from(acknowledged).filter((id) => !found.has(`${id}/left`))).toEqual([]);
  const halves = Array.from(found).filter(
    (entry) => !found.has(entry.replace(/\/.*/, entry.endsWith('left') ? '/right' : '/left')),
  );
  expect(halves).toEqual([]);
});

test('every acknowledged S3 object is found, and none is torn, after kill -9', async () => {
  await new S3Client(config()).send(new CreateBucketCommand({ Bucket: 'bucket' }));
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const client = new S3Client(config());
    const ids = await writeUntilKilled((id) => {
      const Body = randomBytes(200_000);
      const Metadata = { sha256: createHash('sha256').update(Body).digest('hex') };
      return client.send(new PutObjectCommand({ Bucket: 'bucket', Key: id, Body, Metadata }));
    });
    for (const id of ids) acknowledged.add(id);
    expect(await readdir(path.join(directory, 's3', 'tmp'))).toEqual([]);
  }
  const client = new S3Client(config());
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
  const found = new Set(Contents.map((object) => object.Key));
  expect(Array.from(acknowledged).filter((id) => !found.has(id))).toEqual([]);
  for (const Key of found) {
    const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(Metadata?.['sha256']);
  }
});
