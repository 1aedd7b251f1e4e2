/** Forks and replays of real jobs in real processes: what they write, and what they must not. */
import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { captureStore } from '#functions/stores/captures.ts';
import { openWorkerPlace } from '../cloud/worker-processes.ts';
import type { WorkerPlace } from '../cloud/worker-processes.ts';

// Every test starts several processes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const minute = Date.parse('2026-11-21T10:00:00Z');

let place: WorkerPlace;
let stream: string;
let copies: string;
let tableName: string;
let configuration: object;
let serial = 0;

beforeAll(async () => {
  place = await openWorkerPlace('test/cloud/forked-application.fixture.ts');
});

afterAll(async () => place.close());

beforeEach(async () => {
  const id = randomUUID().slice(0, 8);
  stream = `payments-${id}`;
  copies = `copies-${id}`;
  tableName = `totals-${id}`;
  await place.kinesis.invoke('CreateStream', { StreamName: stream, ShardCount: 2 });
  await place.kinesis.invoke('CreateStream', { StreamName: copies, ShardCount: 1 });
  await place.createTable(tableName);
  configuration = { stream, copies, table: tableName, factor: 1 };
});

/** Answers the ids of what was paid. */
async function pay(count: number): Promise<string[]> {
  const payments = Array.from({ length: count }, (_, index) => {
    serial += 1;
    return { id: `p-${serial}`, country: 'PT', amount: 0.5, at: new Date(minute + index).toISOString() };
  });
  await place.kinesis.invoke('PutRecords', {
    StreamName: stream,
    Records: payments.map((payment) => ({
      PartitionKey: payment.id,
      Data: Buffer.from(JSON.stringify(payment)).toString('base64'),
    })),
  });
  return payments.map(({ id }) => id);
}

/** How many payments a table counts, and their volume. */
async function totals(of = tableName): Promise<{ payments: number; volume: number }> {
  const { Items = [] } = await place.table.send(new ScanCommand({ TableName: of, ConsistentRead: true }));
  const sum = (name: string): number => Items.reduce((total, item) => total + Number(item[name]?.N), 0);
  return { payments: sum('payments'), volume: sum('volume') };
}

async function copied(): Promise<string[]> {
  const { ShardIterator } = (await place.kinesis.invoke('GetShardIterator', {
    StreamName: copies,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  })) as { ShardIterator: string }; // As AWS answers.
  const { Records } = (await place.kinesis.invoke('GetRecords', { ShardIterator })) as {
    Records: { Data: string }[];
  };
  return Records.map(({ Data }) => JSON.parse(String(Buffer.from(Data, 'base64'))).id);
}

/** All that a deployment has captured of a sink, page by page. */
async function captured(deploymentId: string, sink: string): Promise<Record<string, unknown>[]> {
  const store = captureStore(place.bucket);
  const found: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(deploymentId, sink, {
      limit: 70,
      ...(cursor === undefined ? {} : { cursor }),
    });
    // Both sinks of the program are given rows.
    found.push(...page.items.map(({ record }) => record as Record<string, unknown>));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(place.said());
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

const manifest = (location: string) => ({ kind: 'manifest', location });

/** A job in production that has counted 400 payments, and a savepoint of it. */
async function production(deploymentId: string) {
  const worker = await place.start({ deploymentId, epoch: 1, configuration });
  const ids = await pay(400);
  await until(async () => (await totals()).payments === 400 && (await copied()).length === 400);
  return { worker, ids, savepoint: await worker.savepoint() };
}

test('a fork captures each record once over a kill -9, and production gets nothing of it', async () => {
  const { worker, savepoint } = await production(randomUUID());
  // Whatever comes after this comes of the fork.
  await worker.kill();
  const before = [await totals(), (await copied()).length];
  const fork = randomUUID();
  const adjustments = { everySink: 'capture', sinks: {} };
  const first = await place.start({
    deploymentId: fork,
    epoch: 1,
    configuration,
    adjustments,
    restore: manifest(savepoint),
  });
  const early = await pay(300);
  await until(async () => (await captured(fork, 'copies')).length > 0);
  const late = await pay(200);
  await first.kill();
  const second = { deploymentId: fork, jobId: first.jobId, epoch: 2, attempt: 2, configuration, adjustments };
  await place.start({ ...second, restore: { kind: 'latest-checkpoint' } });
  const last = await pay(100);
  await until(async () => (await captured(fork, 'copies')).some(({ id }) => id === last.at(-1)));
  await until(async () => (await captured(fork, 'totals')).at(-1)?.['payments'] === 1000);
  const ids = (await captured(fork, 'copies')).map(({ id }) => id);
  expect(ids).toHaveLength(600);
  expect(new Set(ids)).toEqual(new Set([...early, ...late, ...last]));
  expect([await totals(), (await copied()).length]).toEqual(before);
});

test('a fork writes a redirected sink into the other table alone, and drops what it is to discard', async () => {
  const { worker, savepoint } = await production(randomUUID());
  await worker.kill();
  const before = [await totals(), (await copied()).length];
  const other = `${tableName}-staging`;
  await place.createTable(other);
  const fork = randomUUID();
  await place.start({
    deploymentId: fork,
    epoch: 1,
    configuration,
    restore: manifest(savepoint),
    adjustments: {
      everySink: 'capture',
      sinks: { totals: { mode: 'redirect', options: { table: other } }, copies: { mode: 'discard' } },
    },
  });
  await pay(100);
  await until(async () => (await totals(other)).payments === 500);
  expect([await totals(), (await copied()).length]).toEqual(before);
  expect(await captured(fork, 'copies')).toEqual([]);
  expect(await captured(fork, 'totals')).toEqual([]);
});

/** A table that a bug of the last moments has spoiled, with the savepoint from before it and the time at which it began. */
async function spoiled(deploymentId: string) {
  const { worker, savepoint } = await production(deploymentId);
  await worker.kill();
  // Kinesis knows times to the millisecond: what comes before this one is in the savepoint.
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
  const beganMs = Date.now();
  const restore = manifest(savepoint);
  const buggy = { ...configuration, factor: 3 };
  const bad = await place.start({ deploymentId, epoch: 2, configuration: buggy, restore });
  await pay(200);
  await until(async () => (await totals()).payments === 600);
  expect((await totals()).volume).toBe(500);
  await bad.kill();
  return { restore, beganMs };
}

test('a table that a bug has spoiled is exact after a reset to the savepoint from before it', async () => {
  const deploymentId = randomUUID();
  const { restore } = await spoiled(deploymentId);
  await place.start({ deploymentId, epoch: 3, configuration, restore });
  await until(async () => (await totals()).volume === 300);
  expect(await totals()).toEqual({ payments: 600, volume: 300 });
});

test('a table that a bug has spoiled is exact after a replay from a time, also over a kill -9', async () => {
  const deploymentId = randomUUID();
  const { restore, beganMs } = await spoiled(deploymentId);
  const adjustments = { everySink: 'keep', sinks: {}, startAtMs: beganMs };
  const timed = await place.start({ deploymentId, epoch: 3, configuration, restore, adjustments });
  await until(async () => (await totals()).volume === 300);
  await timed.logged('A checkpoint completed');
  await timed.kill();
  // A later attempt goes on behind what the job has read itself, and does not begin at that time again.
  const next = { deploymentId, jobId: timed.jobId, epoch: 4, attempt: 2, configuration, adjustments };
  await place.start({ ...next, restore: { kind: 'latest-checkpoint' } });
  await pay(50);
  await until(async () => (await totals()).payments >= 650);
  expect(await totals()).toEqual({ payments: 650, volume: 325 });
});
