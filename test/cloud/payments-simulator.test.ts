import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEndpoint } from '#local/endpoint.ts';
import type { Endpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import { createSimulation } from '../../examples/payments-dashboard/simulation/simulation.ts';

const COUNT = 3000;
const startAt = Date.now() - 3000;
const directory = mkdtempSync(join(tmpdir(), 'headwater-simulator-'));
const closing: (() => Promise<unknown>)[] = [];
let endpoint: Endpoint;
let kinesis: KinesisClient;

beforeAll(async () => {
  const streams = await openKinesis({ directory: join(directory, 'kinesis') });
  const tables = await openDynamoDb({ directory: join(directory, 'dynamodb') });
  endpoint = await startEndpoint({ port: 0, services: [streams, tables] });
  closing.push(
    () => endpoint.close(),
    () => streams.close(),
    () => tables.close(),
  );
  const client = {
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  kinesis = new KinesisClient({ ...client, requestHandler: new NodeHttpHandler() });
  await kinesis.send(new CreateStreamCommand({ StreamName: 'payments', ShardCount: 2 }));
  await new DynamoDBClient(client).send(
    new CreateTableCommand({
      TableName: 'cursors',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(directory, { recursive: true, force: true });
});

function startSimulator(): ChildProcess {
  return spawn(process.execPath, ['examples/payments-dashboard/simulator.ts'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      SIMULATOR_STREAM: 'payments',
      SIMULATOR_CURSOR_TABLE: 'cursors',
      SIMULATOR_RATE: '500',
      SIMULATOR_COUNT: String(COUNT),
      SIMULATOR_START: new Date(startAt).toISOString(),
    },
  });
}

async function readStream(): Promise<string[]> {
  const { Shards: shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'payments' }));
  const texts: string[] = [];
  for (const { ShardId } of shards) {
    let { ShardIterator: iterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName: 'payments', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    for (let behind = 1; behind > 0 && iterator !== undefined;) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      for (const { Data } of page.Records ?? []) texts.push(new TextDecoder().decode(Data));
      iterator = page.NextShardIterator;
      behind = page.MillisBehindLatest ?? 0;
    }
  }
  return texts;
}

test('the stream holds each payment once after the simulator was killed again and again', async () => {
  for (const least of [1, 1000, 2000]) {
    const simulator = startSimulator();
    const exited = once(simulator, 'exit');
    await expect
      .poll(async () => (await readStream()).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(least);
    simulator.kill('SIGKILL');
    await exited;
  }
  const [code]: unknown[] = await once(startSimulator(), 'exit');
  expect(code).toBe(0);

  const simulation = createSimulation({
    seed: 7,
    ratePerSecond: 500,
    skew: 1,
    lateShare: 0.002,
    corruptShare: 0,
  });
  const expected = [...Array(COUNT).keys()].map((index) =>
    JSON.stringify(simulation.payment(index, { index: 0, at: startAt })),
  );
  expect((await readStream()).sort()).toEqual(expected.sort());
});
