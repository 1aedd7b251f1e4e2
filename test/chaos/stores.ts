/** The services that outlive everything: the local cloud's stores in their own process, asked without faults. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  CreateBucketCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Reading } from '../pipelines/reading.ts';

export const BUCKET = 'headwater';

/** A row of the table as it stands. */
export type Rows = ReadonlyMap<string, string>;

export interface Stores {
  readonly url: string;
  createStream(name: string, shards: number): Promise<void>;
  /** Into one shard of a stream, in their order. */
  put(
    stream: string,
    place: { readonly shard: number; readonly of: number },
    readings: readonly Reading[],
  ): Promise<void>;
  createTable(name: string): Promise<void>;
  rows(table: string): Promise<Rows>;
  /** All lines of the objects below a prefix, hidden ones left out. */
  lines(prefix: string): Promise<readonly string[]>;
  putObject(key: string, body: string | Uint8Array): Promise<string>;
  /** Changes a JSON object under the condition that nobody else does; undefined where there is none yet. */
  swap(key: string, change: (before: object | undefined) => object): Promise<void>;
  close(): Promise<void>;
}

export async function openStores(): Promise<Stores> {
  const directory = await mkdtemp(join(tmpdir(), 'headwater-chaos-'));
  const child = fork(join(import.meta.dirname, '../cloud/local-stores-process.ts'), [directory], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  // The process says its address and nothing else.
  const [url] = (await once(child, 'message')) as [string];
  const settings = {
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const dynamoDb = new DynamoDBClient(settings);
  const kinesis = new KinesisClient({ ...settings, requestHandler: new NodeHttpHandler() });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    url,
    async createStream(name, shards) {
      await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
    },
    async put(stream, { shard, of }, readings) {
      const Records = readings.map((reading) => ({
        PartitionKey: reading.key,
        // The middle of the shard's part of all hash keys.
        ExplicitHashKey: String((2n ** 128n / BigInt(of)) * BigInt(shard) + 1n),
        Data: Buffer.from(JSON.stringify({ ...reading, at: new Date(reading.at).toISOString() })),
      }));
      const { FailedRecordCount } = await kinesis.send(
        new PutRecordsCommand({ StreamName: stream, Records }),
      );
      if (FailedRecordCount !== 0) throw new Error(`Cannot put ${FailedRecordCount} records to "${stream}"`);
    },
    async createTable(name) {
      await dynamoDb.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        }),
      );
      await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 10, minDelay: 0.1 }, { TableName: name });
    },
    rows: (table) => allRows(dynamoDb, table),
    lines: (prefix) => allLines(s3, prefix),
    async putObject(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
      return `${url}/${BUCKET}/${key}`;
    },
    swap: (key, change) => swap(s3, key, change),
    async close() {
      for (const client of [s3, dynamoDb, kinesis]) client.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function allRows(client: DynamoDBClient, table: string): Promise<Rows> {
  const rows = new Map<string, string>();
  type Start = NonNullable<Parameters<typeof page>[2]>;
  for (let start: Start | undefined; ;) {
    const { Items = [], LastEvaluatedKey } = await page(client, table, start);
    for (const { id, value } of Items) rows.set(id?.S ?? '', value?.S ?? '');
    if (LastEvaluatedKey === undefined) return rows;
    start = LastEvaluatedKey;
  }
}

async function allLines(s3: S3Client, prefix: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: BUCKET, Prefix: prefix },
  )) {
    for (const { Key = '' } of Contents.filter((object) => !object.Key?.includes('/.'))) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      lines.push(...((await Body?.transformToString()) ?? '').split('\n').filter((line) => line !== ''));
    }
  }
  return lines;
}

function page(client: DynamoDBClient, table: string, start: ScanCommand['input']['ExclusiveStartKey']) {
  return client.send(new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }));
}

async function swap(
  s3: S3Client,
  key: string,
  change: (before: object | undefined) => object,
): Promise<void> {
  for (;;) {
    const found = await read(s3, key);
    const condition = found === undefined ? { IfNoneMatch: '*' } : { IfMatch: found.etag };
    const Body = JSON.stringify(change(found?.content));
    try {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body, ...condition }));
      return;
    } catch (error) {
      // A worker committed in between; the next look sees what.
      if (statusOf(error) !== 412 && statusOf(error) !== 409) throw error;
    }
  }
}

async function read(
  s3: S3Client,
  key: string,
): Promise<{ content: object; etag: string | undefined } | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return { content: JSON.parse((await Body?.transformToString()) ?? '{}') as object, etag: ETag }; // JSON of the engine
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  // Every error of the SDK carries it.
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
