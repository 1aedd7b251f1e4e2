import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  BatchWriteItemCommand,
  UpdateContinuousBackupsCommand,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEndpoint } from '../../endpoint.ts';
import type { Endpoint } from '../../endpoint.ts';
import { CorruptDataError } from '../corrupt-data-error.ts';
import { openDynamoDb } from './dynamodb.ts';
import type { DynamoDb } from './dynamodb.ts';

// Some tests move many megabytes, and the machine may be busy with others.
vi.setConfig({ testTimeout: 30_000 });

let directory: string;
let service: DynamoDb;
let endpoint: Endpoint;
let client: DynamoDBClient;
let now: number;

async function open(): Promise<void> {
  service = await openDynamoDb({ directory, clock: () => now });
  endpoint = await startEndpoint({ port: 0, services: [service] });
  client = new DynamoDBClient({
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

async function close(): Promise<void> {
  client.destroy();
  await endpoint.close();
  await service.close();
}

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  directory = await mkdtemp(path.join(tmpdir(), 'dynamodb-'));
  await open();
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'owner'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byOwner',
          KeySchema: [
            { AttributeName: 'owner', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
});

afterEach(async () => {
  await close();
  await rm(directory, { recursive: true, force: true });
});

const TableName = 'orders';
const key = (id: string) => ({ pk: { S: id }, sk: { S: 'a' } });
const put = (id: string, rest: Record<string, { S: string } | { N: string }> = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { ...key(id), ...rest } }));
const get = async (id: string) => (await client.send(new GetItemCommand({ TableName, Key: key(id) }))).Item;

describe('tables', () => {
  test('a table is active in the answer that creates it', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus).toBe('ACTIVE');
    expect(Table?.TableArn).toBe('arn:aws:dynamodb:eu-west-1:000000000000:table/orders');
  });

  test('a table that exists is not created again', async () => {
    const again = service.invoke('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    await expect(again).rejects.toMatchObject({ status: 400, type: 'ResourceInUseException' });
  });

  test('a table request with streams is refused rather than served without them', async () => {
    const request = service.invoke('CreateTable', {
      TableName: 'other',
      StreamSpecification: { StreamEnabled: true },
    });
    await expect(request).rejects.toThrow('has no streams');
  });

  test('a table created again begins empty and without its old expiry setting', async () => {
    await put('1', { owner: { S: 'ada' } });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      }),
    );
    await client.send(new DeleteTableCommand({ TableName }));
    await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toThrow('not found');
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: Table?.AttributeDefinitions?.slice(0, 2),
        KeySchema: Table?.KeySchema,
      }),
    );
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(0);
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(ttl.TimeToLiveDescription?.TimeToLiveStatus).toBe('DISABLED');
  });

  test('a table half deleted at a crash is gone after the next start', async () => {
    await put('1');
    await close();
    const engine = await import('./engine.ts').then((module) => module.openEngine(directory, 'eu-west-1'));
    const table = await engine.table(TableName);
    await engine.commit([{ type: 'put', key: 'table~orders', value: { ...table, TableStatus: 'DELETING' } }]);
    await engine.store.db.close();
    await open();
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  });

  test('the tags of a new table are kept', async () => {
    await service.invoke('CreateTable', {
      TableName: 'tagged',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      Tags: [{ Key: 'team', Value: 'payments' }],
    });
    const ResourceArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/tagged';
    expect(await service.invoke('ListTagsOfResource', { ResourceArn })).toEqual({
      Tags: [{ Key: 'team', Value: 'payments' }],
    });
  });

  test('tables are listed in pages', async () => {
    for (const name of ['aaa', 'zzz']) {
      await service.invoke('CreateTable', {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      });
    }
    const first = await client.send(new ListTablesCommand({ Limit: 2 }));
    expect(first).toMatchObject({ TableNames: ['aaa', 'orders'], LastEvaluatedTableName: 'orders' });
    const second = await client.send(new ListTablesCommand({ ExclusiveStartTableName: 'orders' }));
    expect(second.TableNames).toEqual(['zzz']);
  });

  test('an index added later holds the items that were there before', async () => {
    await put('1', { city: { S: 'Zagreb' } });
    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'city', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'byCity',
              KeySchema: [{ AttributeName: 'city', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          },
        ],
      }),
    );
    await put('2', { city: { S: 'Zagreb' } });
    const byCity = new QueryCommand({
      TableName,
      IndexName: 'byCity',
      KeyConditionExpression: 'city = :city',
      ExpressionAttributeValues: { ':city': { S: 'Zagreb' } },
    });
    expect((await client.send(byCity)).Count).toBe(2);
    await client.send(
      new UpdateTableCommand({
        TableName,
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byCity' } }],
      }),
    );
    await expect(client.send(byCity)).rejects.toThrow('does not have the specified index');
  });

  test('continuous backups are accepted', async () => {
    const answer = await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(answer.ContinuousBackupsDescription?.ContinuousBackupsStatus).toBe('ENABLED');
  });
});

describe('items', () => {
  test('an item is found under its new index key only after an update moves it', async () => {
    await put('1', { owner: { S: 'ada' } });
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('1'),
        UpdateExpression: 'SET #owner = :owner, seen = if_not_exists(seen, :zero) + :one',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: 'bob' }, ':zero': { N: '0' }, ':one': { N: '1' } },
      }),
    );
    const owned = async (owner: string) => {
      const query = new QueryCommand({
        TableName,
        IndexName: 'byOwner',
        KeyConditionExpression: '#owner = :owner AND begins_with(sk, :a)',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner }, ':a': { S: 'a' } },
      });
      return (await client.send(query)).Items;
    };
    expect(await owned('ada')).toEqual([]);
    expect(await owned('bob')).toEqual([{ ...key('1'), owner: { S: 'bob' }, seen: { N: '1' } }]);
  });

  test('a failed condition returns the item that stood in the way when asked to', async () => {
    await put('1', { owner: { S: 'ada' } });
    const refused = client.send(
      new PutItemCommand({
        TableName,
        Item: key('1'),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    await expect(refused).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    await expect(refused).rejects.toMatchObject({ Item: { owner: { S: 'ada' } } });
  });

  test('one of fifty writers wins a race for the same version', async () => {
    await put('1', { version: { N: '1' } });
    const attempts = await Promise.allSettled(
      Array.from({ length: 50 }, () =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: key('1'),
            UpdateExpression: 'SET version = version + :one',
            ConditionExpression: 'version = :expected',
            ExpressionAttributeValues: { ':one': { N: '1' }, ':expected': { N: '1' } },
          }),
        ),
      ),
    );
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
    expect((await get('1'))?.['version']).toEqual({ N: '2' });
  });

  test('fifty increments without a condition all count', async () => {
    await Promise.all(
      Array.from({ length: 50 }, () =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: key('counter'),
            UpdateExpression: 'ADD hits :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        ),
      ),
    );
    expect((await get('counter'))?.['hits']).toEqual({ N: '50' });
  });

  test('a query goes on where its last page ended', async () => {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: Array.from({ length: 25 }, (_, i) => ({
            PutRequest: { Item: { pk: { S: 'p' }, sk: { S: String(i).padStart(2, '0') } } },
          })),
        },
      }),
    );
    const page = (start?: Record<string, { S: string }>) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'p' } },
          Limit: 20,
          ScanIndexForward: false,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
    const first = await page();
    expect(first.Items?.[0]?.['sk']).toEqual({ S: '24' });
    expect(first.LastEvaluatedKey).toEqual({ pk: { S: 'p' }, sk: { S: '05' } });
    expect((await page({ pk: { S: 'p' }, sk: { S: '05' } })).Count).toBe(5);
  });

  test('an item above 400 KB is refused', async () => {
    await expect(put('1', { blob: { S: 'x'.repeat(410_000) } })).rejects.toThrow('maximum allowed size');
  });

  test('a table is named by its ARN as well', async () => {
    await put('1');
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders',
        Key: key('1'),
      }),
    );
    expect(Item).toEqual(key('1'));
  });
});

describe('transactions', () => {
  const putOnce = (id: string, condition = 'attribute_not_exists(pk)'): TransactWriteItem => ({
    Put: { TableName, Item: key(id), ConditionExpression: condition },
  });

  test('a transaction with one failed condition changes nothing and gives a reason for each item', async () => {
    await put('2', { owner: { S: 'ada' } });
    const refused = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          putOnce('1'),
          {
            Put: {
              TableName,
              Item: key('2'),
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      }),
    );
    await expect(refused).rejects.toBeInstanceOf(TransactionCanceledException);
    await expect(refused).rejects.toMatchObject({
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { owner: { S: 'ada' } } },
      ],
    });
    expect(await get('1')).toBeUndefined();
  });

  test('a transaction puts, updates, deletes and checks in one step', async () => {
    await put('1');
    await put('2');
    await put('3');
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          putOnce('4'),
          {
            Update: {
              TableName,
              Key: key('1'),
              UpdateExpression: 'SET n = :one',
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
          { Delete: { TableName, Key: key('2') } },
          { ConditionCheck: { TableName, Key: key('3'), ConditionExpression: 'attribute_exists(pk)' } },
        ],
      }),
    );
    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: ['1', '2', '3', '4'].map((id) => ({ Get: { TableName, Key: key(id) } })),
      }),
    );
    expect(Responses?.map((response) => response.Item !== undefined)).toEqual([true, false, true, true]);
    expect(Responses?.[0]?.Item?.['n']).toEqual({ N: '1' });
  });

  test('a transaction that names one item twice is refused', async () => {
    const refused = client.send(
      new TransactWriteItemsCommand({ TransactItems: [putOnce('1'), putOnce('1')] }),
    );
    await expect(refused).rejects.toThrow('multiple operations on one item');
  });

  test('a transaction with an item that lacks its key is refused', async () => {
    const refused = service.invoke('TransactWriteItems', {
      TransactItems: [{ Put: { TableName, Item: { pk: { S: '1' } } } }],
    });
    await expect(refused).rejects.toMatchObject({ status: 400, type: 'ValidationException' });
  });

  test('a client request token makes a repeat harmless for ten minutes, across a restart', async () => {
    const send = () =>
      client.send(
        new TransactWriteItemsCommand({ TransactItems: [putOnce('1')], ClientRequestToken: 'token-1' }),
      );
    await send();
    await close();
    await open();
    await send();
    now += 10 * 60 * 1000;
    await expect(send()).rejects.toBeInstanceOf(TransactionCanceledException);
  });

  test('a client request token with other items is refused', async () => {
    const send = (id: string) =>
      client.send(
        new TransactWriteItemsCommand({ TransactItems: [putOnce(id)], ClientRequestToken: 'token-1' }),
      );
    await send('1');
    await expect(send('2')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });
});

describe('time to live', () => {
  test('a sweep deletes expired items, their index rows, and nothing else', async () => {
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'expiry', Enabled: true },
      }),
    );
    const seconds = now / 1000;
    await put('expired', { owner: { S: 'ada' }, expiry: { N: String(seconds - 1) } });
    await put('later', { owner: { S: 'ada' }, expiry: { N: String(seconds + 1) } });
    await put('text', { owner: { S: 'ada' }, expiry: { S: '1' } });
    await put('ancient', { owner: { S: 'ada' }, expiry: { N: '1' } });
    expect(await service.sweep()).toBe(1);
    const { Items } = await client.send(new ScanCommand({ TableName, IndexName: 'byOwner' }));
    expect(Items?.map((item) => item['pk']?.S).sort()).toEqual(['ancient', 'later', 'text']);
    now += 1000;
    expect(await service.sweep()).toBe(1);
  });
});

describe('the store', () => {
  const logFile = () =>
    path.join(directory, readdirSync(directory).find((name) => name.endsWith('.log')) ?? '');

  test('everything acknowledged is there after a restart', async () => {
    await put('1', { owner: { S: 'ada' } });
    await client.send(new DeleteItemCommand({ TableName, Key: key('2') }));
    await close();
    await open();
    expect(await get('1')).toEqual({ ...key('1'), owner: { S: 'ada' } });
  });

  test('an unknown operation gets the error of AWS', async () => {
    await expect(service.invoke('ExecuteStatement', {})).rejects.toMatchObject({
      type: 'UnknownOperationException',
    });
  });

  test.each([0.1, 0.5, 0.9])(
    'a byte that changed at %d of the log stops the start with the name of the file',
    async (place) => {
      await Promise.all(
        Array.from({ length: 200 }, (_, i) => put(`k${i}`, { text: { S: 'x'.repeat(500) } })),
      );
      await service.close();
      const file = logFile();
      const bytes = readFileSync(file);
      const at = Math.floor(bytes.length * place);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      writeFileSync(file, bytes);
      const reopened = openDynamoDb({ directory });
      await expect(reopened).rejects.toThrow(CorruptDataError);
      await expect(reopened).rejects.toThrow(file);
    },
  );

  test.each([1, 100, 900])(
    'a log that a crash cut short by %i bytes opens, without its last writes only',
    async (bytes) => {
      for (let i = 0; i < 100; i++) await put(`k${i}`, { text: { S: 'x'.repeat(1000) } });
      await close();
      truncateSync(logFile(), readFileSync(logFile()).length - bytes);
      await open();
      expect(await get('k98')).toBeDefined();
      expect(await get('k99')).toBeUndefined();
    },
  );

  test('a LevelDB whose manifest is gone stops the start with the name of the directory', async () => {
    await put('1');
    await service.close();
    writeFileSync(path.join(directory, 'CURRENT'), 'MANIFEST-999999\n');
    await expect(openDynamoDb({ directory })).rejects.toThrow(CorruptDataError);
  });

  test('a second process on the same directory is told who is in the way', async () => {
    await expect(openDynamoDb({ directory })).rejects.toThrow('another process has it open');
  });
});
