/** The payments demo over a stream of its own: deployed, fed and counted, for tests of what happens in between. */
import { setTimeout as delay } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { pushApplication } from '../../cli/push/push-application.ts';
import { cursorTable } from '../../examples/payments-dashboard/simulation/cursor-table.ts';
import { Emitter } from '../../examples/payments-dashboard/simulation/emitter.ts';
import { kinesisStream } from '../../examples/payments-dashboard/simulation/kinesis-stream.ts';
import {
  createSimulation,
  type SimulationOptions,
} from '../../examples/payments-dashboard/simulation/simulation.ts';
import type { Platform } from '../platform.ts';

/** Payments by minute and country: `2026-11-21T12:00 DE` → 17. */
export type Counts = Map<string, number>;

/** One run of the demo. */
export interface PaymentsRun {
  /** Sends all payments, however often it must begin anew. */
  emitAll(): Promise<void>;
  /** What the simulator's own list of payments gives. */
  expected(): Counts;
  /** What the application has written so far, once there is as much as there must be or time is up. */
  written(): Promise<Counts>;
}

/** Makes stream and tables, pushes the application and deploys it as `payments`. */
export async function paymentsRun(
  platform: Platform,
  simulated: SimulationOptions,
  payments: number,
): Promise<PaymentsRun> {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: platform.awsEndpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const kinesis = new KinesisClient({ requestHandler: new NodeHttpHandler() });
  await kinesis.send(new CreateStreamCommand({ StreamName: 'payments', ShardCount: 2 }));
  await createTable('results', 'view', 'at');
  await createTable('cursors', 'id');
  await createTable('probe', 'id');
  await deploy(platform);
  const simulation = createSimulation(simulated);
  const startAt = Math.floor(Date.now() / 60_000) * 60_000;
  const expected = (): Counts => {
    const counts: Counts = new Map();
    for (let index = 0; index < payments; index++) {
      if (simulation.isCorrupt(index)) continue;
      const { country, at } = simulation.payment(index, { index: 0, at: startAt });
      add(counts, country, at, 1);
    }
    return counts;
  };
  return {
    expected,
    async emitAll() {
      for (;;) {
        try {
          await emitter({ simulation, startAt, count: payments }).run();
          return;
        } catch {
          await available();
        }
      }
    },
    async written() {
      const wanted = total(expected());
      const deadline = Date.now() + 120_000;
      let counts = await countsOfTable();
      while (total(counts) < wanted && Date.now() < deadline) {
        await delay(500);
        counts = await countsOfTable();
      }
      return counts;
    },
  };
}

/** In an order in which two can be compared by eye. */
export function sorted(counts: Counts): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function createTable(name: string, ...keys: readonly string[]): Promise<void> {
  await new DynamoDBClient({}).send(
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
}

async function deploy({ client }: Platform): Promise<void> {
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
function emitter(given: {
  readonly simulation: ReturnType<typeof createSimulation>;
  readonly startAt: number;
  readonly count: number;
}): Emitter {
  return new Emitter({
    ...given,
    stream: kinesisStream('payments'),
    cursors: cursorTable('cursors', 'payments'),
    now: Date.now,
    sleep: (ms) => delay(ms),
    warn: () => {},
  });
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

/** What the application wrote: the panes of the minutes, and the payments that were too late for theirs. */
async function countsOfTable(): Promise<Counts> {
  const counts: Counts = new Map();
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

function add(counts: Counts, country: string, at: number, count: number): void {
  const minute = new Date(Math.floor(at / 60_000) * 60_000).toISOString().slice(0, 16);
  counts.set(`${minute} ${country}`, (counts.get(`${minute} ${country}`) ?? 0) + count);
}

function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
