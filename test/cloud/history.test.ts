/** The past from files in S3, then the live stream from Kinesis, in whole jobs against the local services. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ConnectorEvent, ConnectorHost } from '#engine/connectors/connector.ts';
import { files } from '#engine/connectors/files/index.ts';
import { history } from '#engine/connectors/history/index.ts';
import { kinesis } from '#engine/connectors/kinesis/index.ts';
import { recordBatch } from '#engine/data/record-batch.ts';
import { type Infer, type Source, application, count, sum, t, tumbling } from '#engine/index.ts';
import { TotalsTable } from '#engine/runtime/counting.fixture.ts';
import { startJob } from '#engine/runtime/job.ts';
import { machineHost } from '#engine/runtime/machine.fixture.ts';
import { nodeScheduler } from '#engine/worker/node-scheduler.ts';
import { startEndpoint } from '#local/endpoint.ts';
import type { Endpoint } from '#local/endpoint.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import type { Kinesis } from '#local/services/kinesis/kinesis.ts';
import { openS3 } from '#local/services/s3/s3.ts';
import type { S3 } from '#local/services/s3/s3.ts';
import { createSimulation } from '../../examples/payments-dashboard/simulation/simulation.ts';

const Payment = t.row({ id: t.string, country: t.string, amount: t.double, at: t.instant });
type Payment = Infer<typeof Payment>;
const STREAM = 'payments';
const BUCKET = 'archive';
const PAYMENTS = 3000;
const schedule = { index: 0, at: Date.parse('2026-11-21T10:00:00Z') };
const simulation = createSimulation({
  seed: 7,
  ratePerSecond: 10,
  skew: 1,
  lateShare: 0,
  corruptShare: 0.01,
});
const FILE_PAYMENTS = 200;
/** The files end behind this payment, the stream begins before it. */
const FILED = 1600;
const STREAMED_FROM = 1000;
const UNTIL = simulation.dueAt(1300, schedule);

let directory: string;
let endpoint: Endpoint;
let streams: Kinesis;
let objects: S3;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headwater-history-'));
  streams = await openKinesis({ directory: join(directory, 'kinesis'), limits: false });
  objects = await openS3({ directory: join(directory, 's3') });
  endpoint = await startEndpoint({ port: 0, services: [streams, objects] });
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  objects.createBucket(BUCKET);
  for (let first = 0; first < FILED; first += FILE_PAYMENTS) await file(first);
  await streams.invoke('CreateStream', { StreamName: STREAM, ShardCount: 2 });
  for (let first = STREAMED_FROM; first < PAYMENTS; first += 500) await put(first);
});

afterAll(async () => {
  await endpoint.close();
  await Promise.all([streams.close(), objects.close()]);
  await rm(directory, { recursive: true });
});

async function file(first: number): Promise<void> {
  const text = range(first, first + FILE_PAYMENTS)
    .map((index) => `${Buffer.from(simulation.encode(index, schedule)).toString()}\n`)
    .join('');
  const name = `payments/${simulation.dueAt(first, schedule)}.jsonl`;
  const isEven = (first / FILE_PAYMENTS) % 2 === 0;
  await objects.putObject(BUCKET, isEven ? name : `${name}.gz`, isEven ? text : gzipSync(text));
}

async function put(first: number): Promise<void> {
  const Records = range(first, first + 500).map((index) => ({
    PartitionKey: String(index),
    Data: Buffer.from(simulation.encode(index, schedule)).toString('base64'),
  }));
  await streams.invoke('PutRecords', { StreamName: STREAM, Records });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Straight from the simulation: country and minute → payments and cents. */
function totals(from: number, to: number): ReadonlyMap<string, string> {
  const counted = new Map<string, { payments: number; cents: number }>();
  for (const index of range(from, to)) {
    if (simulation.isCorrupt(index)) continue;
    const { country, at, amount } = simulation.payment(index, schedule);
    const key = `${country}/${Math.floor(at / 60_000) * 60_000}`;
    const { payments, cents } = counted.get(key) ?? { payments: 0, cents: 0 };
    counted.set(key, { payments: payments + 1, cents: cents + Math.round(amount * 100) });
  }
  const rows = [...counted].map(([key, { payments, cents }]) => [key, `${payments}/${cents}`] as const);
  return new Map(rows.sort(([left], [right]) => (left < right ? -1 : 1)));
}

const time = (payment: { readonly at: number }): number => payment.at;
const past = (location = `s3://${BUCKET}/payments/`) =>
  files({
    location,
    schema: Payment,
    time,
    // Payments come up to five seconds late.
    startTime: (name) => Number(/(\d+)\.jsonl/.exec(name)?.[1]) - 5000,
    rangeBytes: 10_000,
  });

/** A job whose payments fail at two moments; `seen` has the ids of all that were counted. */
async function run(source: Source<Payment>) {
  const table = new TotalsTable();
  const seen = new Set<string>();
  // The second one comes before either shard can have been read to its end: what is seen last is then seen by the
  // last attempt, and who waits for it stops no reader that is still behind.
  const faults = new Set([500, 2000]);
  const environment = { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1' };
  const host = { ...machineHost(), environment };
  const program = application('payments', {
    build(job) {
      job
        .source('payments', source, { watermark: '5 seconds' })
        .map((payment) => {
          seen.add(payment.id);
          if (faults.delete(seen.size)) throw new Error(`failure at payment ${seen.size}`);
          return payment;
        }, 'watch')
        .keyBy(({ country }) => country)
        .window(tumbling('1 minute'))
        .aggregate('per-country', {
          payments: count(),
          volume: sum(({ amount }) => Math.round(amount * 100)),
        })
        .to(table.sink(0), 'totals');
    },
  });
  const jobId = '1'.repeat(32);
  const job = startJob(
    {
      jobId,
      name: 'payments',
      application: { application: program },
      configuration: {},
      parallelism: 3,
      checkpointIntervalMs: 20,
      epoch: 1,
      prefix: 'd',
      restore: { kind: 'latest-checkpoint' },
      restart: { kind: 'exponential-delay', initialDelayMs: 1 },
      threads: false,
    },
    host,
  );
  return { table, seen, job };
}

function sound(from: number, to: number): number {
  return range(from, to).filter((index) => !simulation.isCorrupt(index)).length;
}

function host(): ConnectorHost & { readonly events: ConnectorEvent[] } {
  const events: ConnectorEvent[] = [];
  return {
    ...nodeScheduler(),
    random: () => 0.5,
    environment: { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1' },
    epoch: 1,
    owner: 'test',
    report: (event) => events.push(event),
    events,
  };
}

describe('a source of objects', () => {
  test('makes a job that ends with the totals of its files', async () => {
    const { table, job } = await run(past());
    expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
    expect(table.rows).toEqual(totals(0, FILED));
  });

  test('fails with the bucket when it is not there', async () => {
    await expect(past('s3://nowhere/x').enumerator(host()).discover(new Map())).rejects.toThrow(
      'Cannot call ListObjectsV2 on bucket "nowhere": NoSuchBucket',
    );
  });

  test('fails when an object was written again since it was listed', async () => {
    await objects.putObject(BUCKET, 'changing/1.jsonl', '{}\n');
    const source = past(`s3://${BUCKET}/changing/`);
    const splits = await source.enumerator(host()).discover(new Map());
    await objects.putObject(BUCKET, 'changing/1.jsonl', '{"id":1}\n');
    const reader = source.reader(host(), 0);
    for (const split of splits) reader.add(split);
    await vi.waitFor(() => {
      expect(() => reader.poll(recordBatch())).toThrow(
        'Cannot read file "s3://archive/changing/1.jsonl": it has been written again since it was listed',
      );
    });
  });
});

describe('the history of a stream', () => {
  test('counts payments of files and of the stream once each, though the job fails in both', async () => {
    const live = kinesis({ stream: STREAM, schema: Payment, time, pollIntervalMs: 20 });
    const { table, seen, job } = await run(history(past(), live, { until: UNTIL }));
    await vi.waitFor(() => expect(seen.size).toBe(sound(0, PAYMENTS)), { timeout: 30_000, interval: 20 });
    job.savepoint({ directory: 'end', stop: true, drain: true, triggerId: 'end' });
    await job.ended;
    expect(table.rows).toEqual(totals(0, PAYMENTS));
    expect(job.status().checkpoints.counts.restored).toBeGreaterThan(0);
  });
});
