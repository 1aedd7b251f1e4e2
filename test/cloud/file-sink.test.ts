/** Files that jobs write to the local S3: every record once, whatever fails, and nothing left over. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectorHost } from '#engine/connectors/connector.ts';
import { fileSink, type FileSinkOptions } from '#engine/connectors/files/index.ts';
import { fileTargetContract } from '#engine/connectors/files/sink/file-target.contract.ts';
import { S3Target } from '#engine/connectors/files/sink/s3-target.ts';
import { generator } from '#engine/connectors/generator/index.ts';
import { type Infer, application, t } from '#engine/index.ts';
import { startJob } from '#engine/runtime/job.ts';
import { machineHost } from '#engine/runtime/machine.fixture.ts';
import { nodeScheduler } from '#engine/worker/node-scheduler.ts';
import { startEndpoint } from '#local/endpoint.ts';
import type { Endpoint } from '#local/endpoint.ts';
import { openS3 } from '#local/services/s3/s3.ts';
import type { S3 } from '#local/services/s3/s3.ts';

const Reading = t.row({ id: t.string, country: t.string, at: t.instant, payload: t.string });
type Reading = Infer<typeof Reading>;
const SPLITS = 2;
const COUNT = 6000;
/** So much that files of some megabytes come to be, of which S3 has parts. */
const PAYLOAD = 'x'.repeat(1500);

let directory: string;
let endpoint: Endpoint;
let objects: S3;
let client: S3Client;
let buckets = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headwater-file-sink-'));
  objects = await openS3({ directory: join(directory, 's3') });
  endpoint = await startEndpoint({ port: 0, services: [objects] });
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  client = new S3Client({ region: 'eu-west-1', endpoint: endpoint.url, forcePathStyle: true });
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await objects.close();
  await rm(directory, { recursive: true });
});

function newBucket(): string {
  buckets += 1;
  objects.createBucket(`files-${buckets}`);
  return `files-${buckets}`;
}

async function visible(bucket: string, prefix: string): Promise<ReadonlyMap<string, Buffer>> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  const files = new Map<string, Buffer>();
  for (const { Key = '' } of Contents) {
    const name = Key.slice(prefix.length);
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    if (!name.startsWith('_')) files.set(name, Buffer.from((await Body?.transformToByteArray()) ?? []));
  }
  return files;
}

describe('a bucket', () => {
  fileTargetContract(() => {
    const bucket = newBucket();
    const identity = { location: `s3://${bucket}/out`, owner: 'test' };
    return Promise.resolve({
      open: () => new S3Target({ bucket, prefix: 'out/' }, identity, host()),
      visible: () => visible(bucket, 'out/'),
      put: async (name, content) => {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: `out/${name}`, Body: content }));
      },
    });
  });
});

describe('a job that writes files to S3', () => {
  test.each<[string, Partial<FileSinkOptions<Reading>>]>([
    ['one file a folder to the end', { partition: { fields: ['country'] } }],
    ['files of six megabytes', { roll: { bytes: 6 * 1024 * 1024 } }],
    ['a file for each checkpoint', { roll: { onCheckpoint: true } }],
  ])('has every record once in %s', { timeout: 60_000 }, async (_, options) => {
    const bucket = newBucket();
    await run(fileSink({ location: `s3://${bucket}/out`, schema: Reading, ...options }));
    const files = [...(await visible(bucket, 'out/')).values()];
    const lines = files.flatMap((content) => content.toString().trimEnd().split('\n'));
    expect(new Set(lines.map((line) => (JSON.parse(line) as Reading).id)).size).toBe(SPLITS * COUNT);
    expect(lines.length).toBe(SPLITS * COUNT);
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });
});

/** The job fails at two of its records and goes on from its last checkpoint each time. */
async function run(sink: ReturnType<typeof fileSink<Reading>>): Promise<void> {
  const faults = new Set([3000, 8000]);
  let seen = 0;
  const environment = { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1' };
  const jobHost = { ...machineHost(), environment };
  const program = application('archive', {
    build({ source }) {
      const readings = generator({ schema: Reading, record: readingOf, count: COUNT, splits: SPLITS });
      source('readings', readings)
        .map((reading) => {
          seen += 1;
          if (faults.delete(seen)) throw new Error(`failure at record ${seen}`);
          return reading;
        }, 'watch')
        .to(sink, 'archive');
    },
  });
  const jobId = '1'.repeat(32);
  const job = startJob(
    {
      jobId,
      name: 'archive',
      application: { application: program },
      configuration: {},
      parallelism: 2,
      checkpointIntervalMs: 50,
      epoch: 1,
      prefix: 'd',
      restore: { kind: 'latest-checkpoint' },
      restart: { kind: 'exponential-delay', initialDelayMs: 1 },
      threads: false,
    },
    jobHost,
  );
  expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
  expect(faults.size).toBe(0);
}

function readingOf(index: number, split: number): Reading {
  return {
    id: `${split}/${index}`,
    country: ['DE', 'FR'][index % 2] ?? '',
    at: index,
    payload: PAYLOAD,
  };
}

function host(): ConnectorHost {
  return {
    ...nodeScheduler(),
    random: () => 0.5,
    environment: { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1' },
    epoch: 1,
    owner: 'test',
    report: () => undefined,
  };
}
