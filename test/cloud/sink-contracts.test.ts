/** What the sinks of AWS services promise, proved against the local services. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { dynamoDb } from '#engine/connectors/dynamodb/index.ts';
import { sinkContract } from '#engine/testing/index.ts';
import { startEndpoint } from '#local/endpoint.ts';
import type { Endpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import type { DynamoDb } from '#local/services/dynamodb/dynamodb.ts';

interface Total {
  readonly country: string;
  readonly volume: number;
}

const records: readonly Total[] = ['DE', 'FR', 'CH', 'AT'].map((country, index) => ({
  country,
  volume: index,
}));
/** Its address is known when the services run, and the sink asks when it is opened. */
const environment: Record<string, string> = { AWS_REGION: 'eu-west-1' };

let directory: string;
let endpoint: Endpoint;
let tables: DynamoDb;
let client: DynamoDBClient;
let count = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headwater-sink-contracts-'));
  tables = await openDynamoDb({ directory: join(directory, 'dynamodb') });
  endpoint = await startEndpoint({ port: 0, services: [tables] });
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  environment['AWS_ENDPOINT_URL'] = endpoint.url;
  client = new DynamoDBClient({ region: 'eu-west-1', endpoint: endpoint.url });
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await tables.close();
  await rm(directory, { recursive: true });
});

async function openTable() {
  count += 1;
  const TableName = `totals-${count}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'country', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'country', KeyType: 'HASH' }],
    }),
  );
  return {
    sink: dynamoDb<Total>({ table: TableName, key: ({ country }) => ({ country }) }),
    written: async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.map((item) => ({ country: item['country']?.S ?? '', volume: Number(item['volume']?.N) }));
    },
  };
}

describe('the sink of DynamoDB', () => {
  const contract = sinkContract({ guarantee: 'effectively-once', open: openTable, records, environment });
  for (const { name, run } of contract) test(name, () => run());
});
