/**
 * The local cloud under load: rates of Kinesis, DynamoDB and S3 by the AWS SDK, and the time until they are ready.
 * The services run in a child process, as they do for a user; client and services share the machine's cores.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startEndpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import { openS3 } from '#local/services/s3/s3.ts';

/** One measured figure. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

interface Ready {
  readonly url: string;
  readonly readyMs: number;
}

const serveArgument = 'serve-local-cloud';
const shards = 4;
const recordBytes = 200;
const recordsPerBatch = 500;
const batches = 400;
const putsInFlight = 4;
const items = 4_000;
const itemsInFlight = 20;
const objectBytes = 100 * 1024 * 1024;
const objectRounds = 3;

export const benchmark = {
  name: 'local-cloud',
  async run(): Promise<Measurement[]> {
    const directory = await mkdtemp(path.join(tmpdir(), 'local-cloud-bench-'));
    const child = fork(import.meta.filename, [serveArgument, directory], { stdio: 'inherit' });
    try {
      const { url, readyMs } = await firstMessage(child);
      const client = {
        endpoint: url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        requestHandler: new NodeHttpHandler(),
      };
      return [
        { name: 'services ready', value: readyMs, unit: 'ms', note: 'target 500' },
        ...(await measureKinesis(new KinesisClient(client))),
        ...(await measureDynamoDb(new DynamoDBClient(client))),
        ...(await measureS3(new S3Client(client))),
      ];
    } finally {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function measureKinesis(client: KinesisClient): Promise<Measurement[]> {
  const StreamName = 'bench';
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: shards }));
  const Data = randomBytes(recordBytes);
  const Records = Array.from({ length: recordsPerBatch }, (_, i) => ({ Data, PartitionKey: `key-${i}` }));
  const putSeconds = await seconds(() =>
    concurrently(batches, putsInFlight, () => client.send(new PutRecordsCommand({ StreamName, Records }))),
  );
  const total = batches * recordsPerBatch;
  let read = 0;
  const getSeconds = await seconds(() =>
    concurrently(shards, shards, async (shard) => {
      const count = await readShard(client, StreamName, shard);
      read += count;
    }),
  );
  if (read !== total) throw new Error(`Cannot measure Kinesis: ${total} records were put and ${read} read`);
  return [
    { name: 'kinesis put', value: total / putSeconds, unit: 'records/s', note: '200 B, target 40,000' },
    { name: 'kinesis get', value: total / getSeconds, unit: 'records/s', note: '200 B, target 80,000' },
  ];
}

async function readShard(client: KinesisClient, StreamName: string, shard: number): Promise<number> {
  const ShardId = `shardId-${String(shard).padStart(12, '0')}`;
  const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  let { ShardIterator } = await client.send(start);
  for (let count = 0; ;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    count += page.Records?.length ?? 0;
    if (page.MillisBehindLatest === 0) return count;
    ShardIterator = page.NextShardIterator;
  }
}

async function measureDynamoDb(client: DynamoDBClient): Promise<Measurement[]> {
  const TableName = 'bench';
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byOwner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const body = 'x'.repeat(1000);
  const put = (i: number) =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: { pk: { S: `item-${i}` }, owner: { S: `owner-${i % 10}` }, body: { S: body } },
      }),
    );
  const get = (i: number) => client.send(new GetItemCommand({ TableName, Key: { pk: { S: `item-${i}` } } }));
  const putSeconds = await seconds(() => concurrently(items, itemsInFlight, put));
  const getSeconds = await seconds(() => concurrently(items, itemsInFlight, get));
  return [
    {
      name: 'dynamodb put',
      value: items / putSeconds,
      unit: 'items/s',
      note: '1 KB with an index, target 800',
    },
    { name: 'dynamodb get', value: items / getSeconds, unit: 'items/s', note: '1 KB' },
  ];
}

async function measureS3(client: S3Client): Promise<Measurement[]> {
  const Bucket = 'bench';
  await client.send(new CreateBucketCommand({ Bucket }));
  const Body = randomBytes(objectBytes);
  const megabytes = (objectRounds * objectBytes) / 1e6;
  const putSeconds = await seconds(() =>
    concurrently(objectRounds, 1, (i) =>
      client.send(new PutObjectCommand({ Bucket, Key: `large-${i}`, Body })),
    ),
  );
  const getSeconds = await seconds(() =>
    concurrently(objectRounds, 1, (i) => drain(client, Bucket, `large-${i}`)),
  );
  return [
    { name: 's3 put', value: megabytes / putSeconds, unit: 'MB/s', note: '100 MB objects, target 150' },
    { name: 's3 get', value: megabytes / getSeconds, unit: 'MB/s', note: '100 MB objects, target 150' },
  ];
}

async function drain(client: S3Client, Bucket: string, Key: string): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  let size = 0;
  // In Node the SDK's body is a readable stream of buffers.
  for await (const chunk of Body as AsyncIterable<Buffer>) size += chunk.length;
  if (size !== objectBytes) throw new Error(`Cannot measure S3: "${Key}" came back with ${size} bytes`);
}

/** Runs `work` for 0 … count-1 with at most `width` under way. */
async function concurrently(
  count: number,
  width: number,
  work: (i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function firstMessage(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    // The child is this file and sends nothing else.
    child.once('message', (message) => resolve(message as Ready));
    child.once('exit', (code) =>
      reject(new Error(`The local cloud ended with code ${code} before it was ready`)),
    );
  });
}

async function serve(directory: string): Promise<void> {
  const start = performance.now();
  const services = await Promise.all([
    openKinesis({ directory: path.join(directory, 'kinesis') }),
    openDynamoDb({ directory: path.join(directory, 'dynamodb') }),
    openS3({ directory: path.join(directory, 's3') }),
  ]);
  const endpoint = await startEndpoint({ port: 0, services });
  const ready: Ready = { url: endpoint.url, readyMs: performance.now() - start };
  process.send?.(ready);
  process.once('SIGTERM', () => process.exit(0));
}

if (process.argv[1] === import.meta.filename && process.argv[2] === serveArgument) {
  await serve(process.argv[3] ?? '');
}
