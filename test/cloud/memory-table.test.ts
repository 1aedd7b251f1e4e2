/** The table of the lifecycle model against the local DynamoDB: every form that the stores send is answered alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEndpoint } from '#local/endpoint.ts';
import { openServices } from '#local/services.ts';
import {
  created,
  readItem,
  readItems,
  removed,
  replaced,
  transact,
  WriteConflict,
  written,
} from '#functions/stores/database.ts';
import type { Database, Item, Write } from '#functions/stores/database.ts';
import { readAll, readPage } from '#functions/stores/page.ts';
import { tableShape } from '#functions/stores/table.ts';
import { MemoryTable } from '../model/memory-table.ts';

const TABLE = 'table';
const databases: Record<'dynamodb' | 'memory', Database> = {} as never; // filled before the first test
let close: () => Promise<void>;

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'memory-table-'));
  const place = { region: 'eu-west-1', account: '000000000000' };
  const services = await openServices({ directory, place, environment: {}, log: () => {} });
  const endpoint = await startEndpoint({ port: 0, services: services.all });
  await createTable(services.byName.dynamodb);
  const client = new DynamoDBClient({
    endpoint: endpoint.url,
    region: place.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  });
  const memory = new MemoryTable();
  const send = async (command: unknown) => memory.send(command);
  databases.dynamodb = { table: TABLE, client: DynamoDBDocumentClient.from(client) };
  databases.memory = { table: TABLE, client: { send } as unknown as DynamoDBDocumentClient };
  close = async () => {
    await endpoint.close();
    await services.close();
    rmSync(directory, { recursive: true, force: true });
  };
});

afterAll(() => close());

async function createTable(dynamodb: {
  invoke(action: string, input: unknown): Promise<unknown>;
}): Promise<void> {
  const { partitionKey, sortKey, index, indexPartitionKey, indexSortKey } = tableShape;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  await dynamodb.invoke('CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [partitionKey, sortKey, indexPartitionKey, indexSortKey].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: key(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: index,
        KeySchema: key(indexPartitionKey, indexSortKey),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
}

/** What both say to the same question. */
async function alike(ask: (database: Database) => Promise<unknown>): Promise<unknown> {
  const fromDynamodb = await ask(databases.dynamodb);
  const fromMemory = await ask(databases.memory);
  expect(fromMemory).toEqual(fromDynamodb);
  return fromMemory;
}

function write(...writes: ((database: Database) => Write)[]): Promise<unknown> {
  return alike((database) =>
    transact(
      database,
      writes.map((make) => make(database)),
    ).then(
      () => 'written',
      (error: unknown) => {
        if (error instanceof WriteConflict) return error.resources;
        throw error;
      },
    ),
  );
}

const item = (sk: string, revision: number, more: Item = {}): Item => ({ pk: 'p', sk, revision, ...more });

test('conditional writes are carried out or refused alike, all or nothing', async () => {
  expect(await write((database) => created(database, 'job', item('a', 1)))).toBe('written');
  expect(await write((database) => created(database, 'job', item('a', 1)))).toEqual(['job']);
  expect(
    await write(
      (database) => written(database, 'event', item('b', 1)),
      (database) => replaced(database, 'job', item('a', 3), 2),
    ),
  ).toEqual(['job']);
  expect(await alike((database) => readItem(database, { pk: 'p', sk: 'b' }))).toBeUndefined();
  expect(await write((database) => replaced(database, 'job', item('a', 2), 1))).toBe('written');
  expect(await alike((database) => readItem(database, { pk: 'p', sk: 'a' }))).toMatchObject({ revision: 2 });
  await write((database) => removed(database, 'job', { pk: 'p', sk: 'a' }));
  await alike((database) => readItem(database, { pk: 'p', sk: 'a' }));
});

test('lists, their pages and their ranges come in the same order', async () => {
  for (const number of [3, 1, 2, 5, 4]) {
    const listed = { gsi1pk: 'live', gsi1sk: `${9 - number}` };
    await write((database) => written(database, 'job', item(`job#${number}`, 1, number === 4 ? {} : listed)));
  }
  await write((database) => written(database, 'event', item('event#1', 1)));
  const parse = (found: Item) => found['sk'];
  const list = { partition: 'p', prefix: 'job#', parse };
  expect(await alike((database) => readAll(database, list))).toHaveLength(5);
  const page = await alike((database) => readPage(database, list, { limit: 2 }));
  const { next } = page as { next: string };
  expect(await alike((database) => readPage(database, list, { limit: 3, cursor: next }))).toMatchObject({
    items: ['job#3', 'job#2', 'job#1'],
  });
  const live = { partition: 'live', index: true, parse };
  expect(await alike((database) => readAll(database, live))).toHaveLength(4);
  const half = await alike((database) => readPage(database, live, { limit: 2 }));
  const { next: rest } = half as { next: string };
  await alike((database) => readPage(database, live, { limit: 2, cursor: rest }));
  await write((database) => written(database, 'job', item('job#2', 2)));
  expect(await alike((database) => readAll(database, live))).toHaveLength(3);
});

test('several items are read at once in the order of their keys', async () => {
  const keys = ['job#2', 'none', 'job#1'].map((sk) => ({ pk: 'p', sk }));
  expect(await alike((database) => readItems(database, keys))).toMatchObject([
    { sk: 'job#2' },
    undefined,
    { sk: 'job#1' },
  ]);
});
