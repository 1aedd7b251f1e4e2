/** Workers as processes of their own, started by the bootstrap, over the local services: jobs as ECS would run them. */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { bucketKeys, workerEnvironment } from '#contract/names.ts';
import { BOOTSTRAP } from '#engine/worker/bootstrap.ts';
import { startEndpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import type { Kinesis } from '#local/services/kinesis/kinesis.ts';
import { openS3 } from '#local/services/s3/s3.ts';

export const BUCKET = 'headwater';
const TOKEN = 'secret-of-the-job';
const root = new URL('../../', import.meta.url).pathname;

/** How a worker is started; what is left out is as for a new job of the deployment. */
export interface Start {
  readonly deploymentId: string;
  readonly epoch: number;
  readonly attempt?: number;
  readonly jobId?: string;
  readonly configuration: object;
  readonly restore?: object;
  readonly adjustments?: object;
}

/** A job in a process. */
export interface WorkerProcess {
  readonly jobId: string;
  /** Resolves with the first line of this message. */
  logged(message: string): Promise<Record<string, unknown>>;
  /** Takes a savepoint and answers its location. */
  savepoint(): Promise<string>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** The local services with what workers need. */
export interface WorkerPlace {
  readonly kinesis: Kinesis;
  readonly table: DynamoDBClient;
  readonly bucket: { readonly name: string; readonly client: S3Client };
  createTable(name: string): Promise<void>;
  start(how: Start): Promise<WorkerProcess>;
  /** What the workers said, for the message of a test that fails. */
  said(): string;
  close(): Promise<void>;
}

export async function openWorkerPlace(application: string): Promise<WorkerPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'headwater-workers-'));
  const s3 = await openS3({ directory: join(directory, 's3') });
  const kinesis = await openKinesis({ directory: join(directory, 'kinesis') });
  const dynamoDb = await openDynamoDb({ directory: join(directory, 'dynamodb') });
  const endpoint = await startEndpoint({ port: 0, services: [kinesis, dynamoDb, s3] });
  s3.createBucket(BUCKET);
  const client = {
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const bucket = { name: BUCKET, client: new S3Client({ ...client, forcePathStyle: true }) };
  const table = new DynamoDBClient(client);
  const lines: Record<string, unknown>[] = [];
  const running = new Set<WorkerProcess>();

  async function bundled(entry: string, name: 'worker' | 'application'): Promise<Record<string, string>> {
    const bytes = await bundleOf(entry);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const key = bucketKeys.bundle(sha256);
    await s3.putObject(BUCKET, key, Buffer.from(bytes));
    return {
      [workerEnvironment[`${name}Url`]]: `${endpoint.url}/${BUCKET}/${key}`,
      [workerEnvironment[`${name}Sha256`]]: sha256,
    };
  }

  /** As the control plane does before it starts an attempt: a higher epoch fences whoever was before. */
  async function claim({ deploymentId, epoch }: Start): Promise<void> {
    const key = `${bucketKeys.checkpoints(deploymentId)}/head.json`;
    const before = s3.getObject(BUCKET, key)?.body;
    if (before === undefined) return;
    await s3.putObject(BUCKET, key, JSON.stringify({ ...JSON.parse(String(before)), epoch }));
  }

  const common = {
    PATH: process.env['PATH'] ?? '',
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...(await bundled('engine/worker/main.ts', 'worker')),
    ...(await bundled(application, 'application')),
  };
  return {
    kinesis,
    table,
    bucket,
    async createTable(TableName) {
      await dynamoDb.invoke('CreateTable', {
        TableName,
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
    },
    async start(how) {
      await claim(how);
      const worker = workerProcess({ ...common, ...settings(how) }, lines);
      running.add(worker);
      return worker;
    },
    said: () => JSON.stringify(lines.slice(-30), null, 1),
    async close() {
      await Promise.all([...running].map((worker) => worker.kill()));
      table.destroy();
      bucket.client.destroy();
      await endpoint.close();
      await Promise.all([s3.close(), kinesis.close(), dynamoDb.close()]);
      await rm(directory, { recursive: true });
    },
  };
}

async function bundleOf(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    write: false,
    logLevel: 'error',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function settings(how: Start): Record<string, string> {
  const names = workerEnvironment;
  const { deploymentId, epoch, attempt = 1, restore = { kind: 'none' }, adjustments } = how;
  return {
    [names.jobId]: how.jobId ?? randomUUID().replaceAll('-', ''),
    [names.jobName]: 'payments',
    [names.deploymentId]: deploymentId,
    [names.attempt]: String(attempt),
    [names.epoch]: String(epoch),
    [names.configuration]: JSON.stringify(how.configuration),
    [names.checkpointIntervalMs]: '300',
    [names.bucket]: BUCKET,
    [names.prefix]: bucketKeys.checkpoints(deploymentId),
    [names.restPort]: '0',
    [names.restToken]: TOKEN,
    [names.restore]: JSON.stringify(restore),
    ...(adjustments === undefined ? {} : { [names.adjustments]: JSON.stringify(adjustments) }),
  };
}

function workerProcess(env: Record<string, string>, said: Record<string, unknown>[]): WorkerProcess {
  const jobId = env[workerEnvironment.jobId] ?? '';
  const child = spawn(process.execPath, ['--input-type=module', '--eval', BOOTSTRAP], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (text) => {
      // A line of the worker's own log is one JSON object.
      const line = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { message: text };
      lines.push(line);
      said.push(line);
      for (const look of waiting) look();
    });
  }
  const exited = once(child, 'close');

  function logged(message: string): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const look = (): void => {
      const found = lines.find((line) => line['message'] === message);
      if (found !== undefined && waiting.delete(look)) resolve(found);
    };
    waiting.add(look);
    look();
    void exited.then(() => reject(new Error(`It ended without "${message}": ${JSON.stringify(lines)}`)));
    return promise;
  }

  async function request(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { restPort } = await logged('The worker started');
    const response = await fetch(`http://127.0.0.1:${String(restPort)}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>; // Flink's answers are objects.
  }

  return {
    jobId,
    logged,
    async savepoint() {
      await logged('A checkpoint completed');
      const folder = `s3://${BUCKET}/${env[workerEnvironment.prefix]}/savepoints/${randomUUID()}`;
      const path = `/jobs/${jobId}/savepoints`;
      const asked = await request('POST', path, { 'target-directory': folder });
      for (;;) {
        const answer = await request('GET', `${path}/${String(asked['request-id'])}`);
        const { location } = (answer['operation'] ?? {}) as { location?: string }; // As Flink has it.
        if (location !== undefined) return location;
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
