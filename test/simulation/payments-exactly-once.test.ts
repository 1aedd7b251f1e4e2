/**
 * The payments demo under random `kill -9` of its worker, of the Lambda host and of the whole platform. Whatever was
 * killed when, every country's count of every minute must be the one that the simulator's own list of payments gives.
 *
 * SEED repeats a run.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand, QueryCommand, CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushApplication } from '../../cli/push/push-application.ts';
import { cursorTable } from '../../examples/payments-dashboard/simulation/cursor-table.ts';
import { Emitter } from '../../examples/payments-dashboard/simulation/emitter.ts';
import { kinesisStream } from '../../examples/payments-dashboard/simulation/kinesis-stream.ts';
import {
  createSimulation,
  type SimulationOptions,
} from '../../examples/payments-dashboard/simulation/simulation.ts';
import { platform, type Platform } from '../platform.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const PAYMENTS = 12_000;
const KILLS = 8;
const options: SimulationOptions = {
  seed,
  ratePerSecond: 300,
  skew: 1,
  lateShare: 0.01,
  corruptShare: 0.002,
};
const simulation = createSimulation(options);
const startAt = Math.floor(Date.now() / 60_000) * 60_000;

/** mulberry32: small, and the same on every machine. */
let state = seed;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

let running: Platform;

beforeAll(async () => {
  running = await platform('--no-demo');
  await running.start();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: running.awsEndpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const kinesis = new KinesisClient({ requestHandler: new NodeHttpHandler() });
  await kinesis.send(new CreateStreamCommand({ StreamName: 'payments', ShardCount: 2 }));
  const table = (name: string, ...keys: readonly string[]): Promise<unknown> =>
    new DynamoDBClient({}).send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  await table('results', 'view', 'at');
  await table('cursors', 'id');
  await table('probe', 'id');
  await deploy();
});

afterAll(() => running.remove());

async function deploy(): Promise<void> {
  const { client } = running;
  const entry = 'examples/payments-dashboard/application.ts';
  const { version } = await pushApplication({ client, namespace: 'default', entry, say: () => {} });
  await client.get('createDeployment', {
    params: { namespace: 'default' },
    body: {
      name: 'payments',
      spec: {
        application: 'payments-dashboard',
        version,
        desiredState: 'running',
        parallelism: 2,
        checkpointInterval: '1 second',
        limits: { maxJobCreationAttempts: 20 },
        configuration: { stream: 'payments', table: 'results' },
      },
    },
  });
}

/** The emitter as its process would be run: begun anew whenever it gives up. */
async function emitAll(): Promise<void> {
  const emitter = new Emitter({
    simulation,
    stream: kinesisStream('payments'),
    cursors: cursorTable('cursors', 'payments'),
    now: Date.now,
    sleep: (ms) => delay(ms),
    warn: () => {},
    count: PAYMENTS,
    startAt,
  });
  try {
    await emitter.run();
  } catch {
    await available();
    await emitAll();
  }
}

/** Resolves when the platform's table service answers again. */
async function available(): Promise<void> {
  const item = { TableName: 'probe', Item: { id: { S: 'probe' } } };
  while (
    !(await new DynamoDBClient({}).send(new PutItemCommand(item)).then(
      () => true,
      () => false,
    ))
  )
    await delay(100);
}

async function killAtRandom(): Promise<string[]> {
  const killed: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await delay(1500 + random() * 3500);
    const choice = random();
    if (choice < 0.5) {
      if (running.killChild('HEADWATER_WORKER_URL', random)) killed.push('worker');
    } else if (choice < 0.75) {
      if (running.killChild('lambda/host', random)) killed.push('Lambda host');
    } else {
      killed.push('platform');
      await running.kill();
      await running.start();
    }
  }
  return killed;
}

function expected(): Map<string, number> {
  const counts = new Map<string, number>();
  for (let index = 0; index < PAYMENTS; index++) {
    if (simulation.isCorrupt(index)) continue;
    const { country, at } = simulation.payment(index, { index: 0, at: startAt });
    add(counts, country, at, 1);
  }
  return counts;
}

/** What the application wrote: the panes of the minutes, and the payments that were too late for theirs. */
async function written(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const item of await items('country')) {
    add(
      counts,
      item.at.slice(item.at.indexOf('#') + 1),
      Date.parse(item.at.slice(0, item.at.indexOf('#'))),
      item.payments,
    );
  }
  for (const item of await items('late'))
    add(counts, item.country, Date.parse(item.at.slice(0, item.at.indexOf('#'))), 1);
  return counts;
}

interface Item {
  readonly at: string;
  readonly payments: number;
  readonly country: string;
}

async function items(view: string): Promise<Item[]> {
  const client = new DynamoDBClient({});
  const found: Item[] = [];
  for (let start: Record<string, never> | undefined; ;) {
    const page = await client.send(
      new QueryCommand({
        TableName: 'results',
        KeyConditionExpression: '#view = :view',
        ExpressionAttributeNames: { '#view': 'view' },
        ExpressionAttributeValues: { ':view': { S: view } },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) {
      found.push({
        at: item['at']?.S ?? '',
        payments: Number(item['payments']?.N ?? 0),
        country: item['country']?.S ?? '',
      });
    }
    if (page.LastEvaluatedKey === undefined) return found;
    start = page.LastEvaluatedKey as Record<string, never>;
  }
}

function add(counts: Map<string, number>, country: string, at: number, count: number): void {
  const minute = new Date(Math.floor(at / 60_000) * 60_000).toISOString().slice(0, 16);
  counts.set(`${minute} ${country}`, (counts.get(`${minute} ${country}`) ?? 0) + count);
}

const total = (counts: Map<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
const sorted = (counts: Map<string, number>) =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

test('no payment is lost or counted twice under random kills', { timeout: 400_000 }, async () => {
  console.log(`SEED=${seed}`);
  const [killed] = await Promise.all([killAtRandom(), emitAll()]);
  console.log(`killed: ${killed.join(', ')}`);
  const wanted = expected();
  const deadline = Date.now() + 120_000;
  let counts = await written();
  while (total(counts) < total(wanted) && Date.now() < deadline) {
    await delay(500);
    counts = await written();
  }
  expect(sorted(counts)).toEqual(sorted(wanted));
});
