/** The worker's bundle as a process of its own, started by the bootstrap, against the local cloud. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bucketKeys, workerEnvironment } from '#contract/names.ts';
import { BOOTSTRAP } from '#engine/worker/bootstrap.ts';
import { startEndpoint } from '#local/endpoint.ts';
import type { Endpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import type { Kinesis } from '#local/services/kinesis/kinesis.ts';
import { openS3 } from '#local/services/s3/s3.ts';
import type { S3 } from '#local/services/s3/s3.ts';

const BUCKET = 'headwater';
const TOKEN = 'secret-of-the-job';
const minute = Date.parse('2026-11-21T10:00:00Z');
const root = new URL('../../', import.meta.url).pathname;
/** A worker starts within a second on a machine that has nothing else to do, and others have much. */
const PATIENCE_MS = 120_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

interface Bundle {
  readonly url: string;
  readonly sha256: string;
}

let directory: string;
let endpoint: Endpoint;
let s3: S3;
let kinesis: Kinesis;
let table: DynamoDBClient;
let close: () => Promise<void>;
let workerBundle: Bundle;
let applicationBundle: Bundle;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headwater-worker-'));
  s3 = await openS3({ directory: join(directory, 's3') });
  kinesis = await openKinesis({ directory: join(directory, 'kinesis') });
  const dynamoDb = await openDynamoDb({ directory: join(directory, 'dynamodb') });
  endpoint = await startEndpoint({ port: 0, services: [kinesis, dynamoDb, s3] });
  close = async () => {
    await endpoint.close();
    await Promise.all([s3.close(), kinesis.close(), dynamoDb.close()]);
  };
  s3.createBucket(BUCKET);
  table = new DynamoDBClient({
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await dynamoDb.invoke('CreateTable', {
    TableName: 'totals',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'country', KeyType: 'HASH' },
      { AttributeName: 'start', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'country', AttributeType: 'S' },
      { AttributeName: 'start', AttributeType: 'N' },
    ],
  });
  workerBundle = await bundled('engine/worker/main.ts');
  applicationBundle = await bundled('test/cloud/engine-application.fixture.ts');
});

afterAll(async () => {
  table.destroy();
  await close();
  await rm(directory, { recursive: true });
});

async function bundled(entry: string): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    write: false,
    logLevel: 'error',
    sourcemap: 'inline',
    sourceRoot: 'application:///',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const bytes = Buffer.from(outputFiles[0]?.contents ?? []);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = bucketKeys.bundle(sha256);
  await s3.putObject(BUCKET, key, bytes);
  return { url: `${endpoint.url}/${BUCKET}/${key}`, sha256 };
}

interface Worker {
  readonly process: ChildProcess;
  readonly jobId: string;
  readonly lines: Record<string, unknown>[];
  /** Resolves with the first line of this message. */
  logged(message: string): Promise<Record<string, unknown>>;
  readonly exited: Promise<number | null>;
  request(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
}

const workers: Worker[] = [];
let stream: string;
let prefix: string;

beforeEach(async () => {
  stream = `payments-${randomUUID().slice(0, 8)}`;
  prefix = bucketKeys.checkpoints(randomUUID());
  await kinesis.invoke('CreateStream', { StreamName: stream, ShardCount: 2 });
});

afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.process.kill('SIGKILL');
    await worker.exited;
  }
});

function start(epoch: number, more: Record<string, string> = {}): Worker {
  const jobId = randomUUID().replaceAll('-', '');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', BOOTSTRAP], {
    cwd: directory,
    env: { ...environmentOf(jobId, epoch), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : { message: line });
      for (const look of waiting) look();
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const worker: Worker = {
    process: child,
    jobId,
    lines,
    exited,
    logged: (message) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line['message'] === message);
          if (found !== undefined) {
            waiting.delete(look);
            resolve(found);
          }
        };
        waiting.add(look);
        look();
        void exited.then(() =>
          reject(new Error(`It ended without "${message}": ${JSON.stringify(lines, null, 1)}`)),
        );
      }),
    request: async (method, path, body) => {
      const { restPort } = await worker.logged('The worker started');
      const response = await fetch(`http://127.0.0.1:${String(restPort)}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
  workers.push(worker);
  return worker;
}

function environmentOf(jobId: string, epoch: number): Record<string, string> {
  const names = workerEnvironment;
  return {
    PATH: process.env['PATH'] ?? '',
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    [names.workerUrl]: workerBundle.url,
    [names.workerSha256]: workerBundle.sha256,
    [names.applicationUrl]: applicationBundle.url,
    [names.applicationSha256]: applicationBundle.sha256,
    [names.jobId]: jobId,
    [names.jobName]: 'payments',
    [names.epoch]: String(epoch),
    [names.configuration]: JSON.stringify({ stream, table: 'totals', early: '200 ms' }),
    [names.parallelism]: '2',
    [names.checkpointIntervalMs]: '300',
    [names.bucket]: BUCKET,
    [names.prefix]: prefix,
    [names.restPort]: '0',
    [names.restToken]: TOKEN,
    [names.lingerMs]: '200',
    [names.recovery]: JSON.stringify({ restart: { kind: 'exponential-delay', maxRestarts: 1 } }),
  };
}

/** Writes a higher epoch into the head, as the control plane does before it starts a job. */
async function takeOver(epoch: number): Promise<void> {
  const key = `${prefix}/head.json`;
  const head = JSON.parse(String(s3.getObject(BUCKET, key)?.body ?? '{}')) as object;
  await s3.putObject(BUCKET, key, JSON.stringify({ ...head, epoch }));
}

let serial = 0;

async function pay(country: string, count: number, at: number = minute): Promise<void> {
  const records = Array.from({ length: count }, (_, index) => {
    serial += 1;
    const payment = { id: `p-${serial}`, country, amount: 0.5, at: new Date(at + index).toISOString() };
    return { PartitionKey: payment.id, Data: Buffer.from(JSON.stringify(payment)).toString('base64') };
  });
  for (let from = 0; from < records.length; from += 500) {
    await kinesis.invoke('PutRecords', { StreamName: stream, Records: records.slice(from, from + 500) });
  }
}

async function payments(country: string): Promise<number> {
  const { Items = [] } = await table.send(new ScanCommand({ TableName: 'totals', ConsistentRead: true }));
  const rows = Items.filter((item) => item['country']?.S === country);
  return rows.reduce((sum, item) => sum + Number(item['payments']?.N), 0);
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await what())) {
    if (Date.now() > deadline)
      throw new Error(
        JSON.stringify(
          workers.map((worker) => worker.lines),
          null,
          1,
        ),
      );
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

describe('a worker', () => {
  test('runs with secrets that nobody sees, also where the program fails over them', async () => {
    const value = `s3cret-${randomUUID()}`;
    await s3.putObject(BUCKET, 'launches/one.json', JSON.stringify({ 'totals-table': value }));
    const configuration = JSON.stringify({ stream, table: '{{secret.totals-table}}', early: '200 ms' });
    const worker = start(1, {
      [workerEnvironment.secretsUrl]: `${endpoint.url}/${BUCKET}/launches/one.json`,
      [workerEnvironment.configuration]: configuration,
    });
    await pay('NO', 10);
    const job = `/v1/jobs/${worker.jobId}`;
    const texts: string[] = [];
    const isFailed = async (): Promise<boolean> => {
      texts.push(JSON.stringify((await worker.request('GET', `${job}/exceptions`)).body));
      return worker.lines.some(({ message }) => message === 'The job ended');
    };
    // There is no such table: the sink says so with its name, which is the secret here.
    await until(() => isFailed().catch(() => true));
    await worker.exited;
    const end = s3.getObject(BUCKET, `${prefix}/jobs/${worker.jobId}/end.json`)?.body;
    const all = [...texts, JSON.stringify(worker.lines), String(end)].join('');
    expect(all).toContain('***');
    expect(all).not.toContain(value);
  });

  test('counts on where a savepoint stands, at another parallelism', async () => {
    const first = start(1);
    await pay('PT', 1000);
    await until(async () => (await payments('PT')) === 1000);
    const { status, body } = await first.request('POST', `/v1/jobs/${first.jobId}/stop`, {
      targetDirectory: `s3://${BUCKET}/savepoints/one`,
    });
    expect(status).toBe(202);
    const path = `/v1/jobs/${first.jobId}/savepoints/${String(body['request-id'])}`;
    await until(async () => JSON.stringify((await first.request('GET', path)).body).includes('COMPLETED'));
    const { operation } = (await first.request('GET', path)).body as { operation: { location: string } };
    expect(operation.location).toMatch(new RegExp(`^s3://${BUCKET}/savepoints/one/savepoint-`));
    expect(await first.exited).toBe(0);
    const end = s3.getObject(BUCKET, `${prefix}/jobs/${first.jobId}/end.json`);
    expect(JSON.parse(String(end?.body))).toMatchObject({
      state: 'FINISHED',
      failure: null,
    });

    await pay('PT', 500);
    await takeOver(2);
    start(2, {
      [workerEnvironment.restore]: JSON.stringify({ kind: 'manifest', location: operation.location }),
      [workerEnvironment.parallelism]: '1',
    });
    await until(async () => (await payments('PT')) >= 1500);
    expect(await payments('PT')).toBe(1500);
  });

  test('fires the open window before it ends when it is drained', async () => {
    // Without early results nothing reaches the table before the window closes.
    const worker = start(1, {
      [workerEnvironment.configuration]: JSON.stringify({ stream, table: 'totals', early: '1 hour' }),
    });
    await pay('HR', 300);
    const read = async (): Promise<number> => {
      const { body } = await worker.request('GET', `/jobs/${worker.jobId}`);
      const [source] = body['vertices'] as { metrics: { 'write-records': number } }[];
      return Number(source?.metrics['write-records']);
    };
    await until(async () => (await read()) >= 300);
    expect(await payments('HR')).toBe(0);
    const { status } = await worker.request('POST', `/jobs/${worker.jobId}/stop`, {
      targetDirectory: `s3://${BUCKET}/savepoints/drained`,
      drain: true,
    });
    expect(status).toBe(202);
    expect(await worker.exited).toBe(0);
    expect(await payments('HR')).toBe(300);
    const end = s3.getObject(BUCKET, `${prefix}/jobs/${worker.jobId}/end.json`);
    expect(JSON.parse(String(end?.body))).toMatchObject({ state: 'FINISHED', failure: null });
  });

  test('goes on from the latest checkpoint after kill -9, with nothing lost or counted twice', async () => {
    const first = start(1);
    await pay('IE', 800);
    await first.logged('A checkpoint completed');
    first.process.kill('SIGKILL');
    await pay('IE', 200);
    start(1, { [workerEnvironment.restore]: JSON.stringify({ kind: 'latest-checkpoint' }) });
    await until(async () => (await payments('IE')) >= 1000);
    expect(await payments('IE')).toBe(1000);
  });

  test('keeps an undecodable record aside and goes on', async () => {
    const worker = start(1);
    const Data = Buffer.from('{"id":"x","country":7}').toString('base64');
    await kinesis.invoke('PutRecord', { StreamName: stream, PartitionKey: 'x', Data });
    await pay('MT', 10);
    await until(async () => (await payments('MT')) === 10);
    const { body } = await worker.request('GET', '/headwater/undecodable');
    expect(body).toMatchObject({
      records: [
        {
          operator: 'payments',
          preview: '{"id":"x","country":7}',
          reason: expect.stringContaining('country'),
        },
      ],
    });
  });

  test('reads the children of a shard that was split', async () => {
    start(1);
    await pay('LU', 100);
    await until(async () => (await payments('LU')) === 100);
    await kinesis.invoke('SplitShard', {
      StreamName: stream,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: (2n ** 125n).toString(),
    });
    await pay('LU', 400);
    await until(async () => (await payments('LU')) >= 500);
    expect(await payments('LU')).toBe(500);
  });

  test('takes a last checkpoint when it is asked to end', async () => {
    const worker = start(1, { [workerEnvironment.checkpointIntervalMs]: '600000' });
    await pay('CY', 50);
    await until(async () => (await payments('CY')) === 50);
    worker.process.kill('SIGTERM');
    expect(await worker.exited).toBe(143);
    expect(worker.lines.find((line) => line['message'] === 'The worker was asked to end')).toMatchObject({
      checkpoint: 'completed',
      jobId: worker.jobId,
    });
  });

  test('stops with its own exit code when a newer epoch has the deployment', async () => {
    const worker = start(1);
    await worker.logged('A checkpoint completed');
    await takeOver(2);
    expect(await worker.exited).toBe(86);
  });

  test('fails with the operator and the record at fault when the program throws', async () => {
    const worker = start(1, { [workerEnvironment.lingerMs]: '60000' });
    const bad = { id: 'bad', country: 'XX', amount: -1, at: minute };
    const Data = Buffer.from(JSON.stringify(bad)).toString('base64');
    await kinesis.invoke('PutRecord', { StreamName: stream, PartitionKey: 'x', Data });
    await until(async () => {
      const { body } = await worker.request('GET', `/jobs/${worker.jobId}/status`);
      return body['status'] === 'FAILED';
    });
    const { body } = await worker.request('GET', `/jobs/${worker.jobId}/exceptions`);
    expect(JSON.stringify(body)).toContain('amount -1 is negative');
    // The line of the source, not that of the bundle.
    expect(JSON.stringify(body)).toMatch(
      /application:\/\/\/test\/cloud\/engine-application\.fixture\.ts:\d+/,
    );
    expect(body).toMatchObject({
      exceptionHistory: { entries: [{ failureLabels: { operator: 'check' } }, {}] },
    });
    worker.process.kill('SIGTERM');
    expect(await worker.exited).toBe(1);
  });

  test('refuses a bundle with another hash, and an environment without a job', async () => {
    const wrong = start(1, { [workerEnvironment.applicationSha256]: '0'.repeat(64) });
    const none = start(1, { [workerEnvironment.jobId]: '' });
    expect(await wrong.exited).toBe(78);
    expect(wrong.lines).toHaveLength(1);
    expect(wrong.lines[0]).toMatchObject({
      level: 'error',
      reason: expect.stringContaining('push the application again'),
    });
    expect(await none.exited).toBe(78);
    expect(none.lines[0]).toMatchObject({ reason: expect.stringContaining('HEADWATER_JOB_ID is missing') });
  });
});
