/** Replays what the real command line of Flink sent, and compares status and shape with what a real JobManager answered. */
import { readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InMemoryStorage } from '../runtime/in-memory-storage.ts';
import type { JobState } from '../runtime/job-status.ts';
import { FakeJob, JOB_ID, statusView } from './fake-job.fixture.ts';
import { serverOptions } from './rest-server.fixture.ts';
import { startRestServer } from './server.ts';
import type { RestServer } from './server.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly request_body: unknown;
  readonly request_headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly response_body: unknown;
}

/** Where we answer otherwise than a JobManager, on purpose. */
interface Difference {
  readonly because: string;
  /** The status that we answer. */
  readonly status?: number;
  /** Members that a JobManager has and we have not, and the other way round. */
  readonly members?: readonly string[];
}

const SUBMITTED: Difference = {
  because: 'A job is what its deployment says, and a graph that Java has serialized cannot run here.',
  status: 501,
  members: ['.jobUrl: undefined', '+.errors'],
};

/** By method and last segment of the path, and where it is so in one recording only, by its number. */
const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'POST jobs': SUBMITTED,
  '29 GET execution-result': {
    because: 'A job that has not begun has no application in Flink; ours are made by their deployment.',
    members: ['+.job-execution-result.application-id'],
  },
};

/** In this one a cluster without a job was asked; a worker always has its job. */
const WITHOUT_JOB = '01-list-empty.json';

const folder = new URL('../../test/data/flink-cli/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const NO_JOB = '0'.repeat(32);

let server: RestServer;
let job: FakeJob;

beforeEach(async () => {
  const storage = new InMemoryStorage();
  await storage.put('flink/savepoints/one/manifest.json', new Uint8Array());
  let triggers = 0;
  job = new FakeJob();
  server = await startRestServer({
    ...serverOptions(job, storage, (error) => expect.unreachable(String(error))),
    newTriggerId: () => String((triggers += 1)).padStart(32, '0'),
  });
});

afterEach(() => server.close());

describe('the command line of Flink', () => {
  test('has a recording of every verb', () => {
    expect(files).toHaveLength(29);
  });

  test.each(files)('is answered as it was in %s', async (file) => {
    const { exchanges } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      exchanges: Exchange[];
    };
    let triggerId = '';
    for (const exchange of exchanges) {
      bringInto(exchange);
      const path = exchange.path
        .replace(/jobs\/(?!0{32})[0-9a-f]{32}/, `jobs/${JOB_ID}`)
        .replace(/(savepoints|checkpoints|savepoint-disposal)\/[0-9a-f]{32}$/, `$1/${triggerId}`);
      const answer = await send(exchange, path);
      const call = `${exchange.method} ${path.split('/').at(-1)}`;
      const difference = DIFFERENCES[`${file.slice(0, 2)} ${call}`] ?? DIFFERENCES[call];
      expect(answer.status, `${exchange.method} ${path}`).toBe(difference?.status ?? exchange.status);
      expect(differences(exchange.response_body, answer.body, file)).toEqual(difference?.members ?? []);
      triggerId = triggerOf(answer.body) ?? triggerId;
    }
  });
});

/** The job is in the state in which the JobManager's was, as far as its answer tells. */
function bringInto({ path, response_body: body }: Exchange): void {
  const state = /^FINISHED|FAILED$/.exec(textOf(body, 'job-execution-result', 'application-status'))?.[0];
  const finished = textOf(body, 'job-execution-result', 'application-status') === 'SUCCEEDED';
  const wanted = finished ? 'FINISHED' : (state ?? textOf(body, 'status'));
  if (path.endsWith('/status') || path.endsWith('/execution-result'))
    // The words of the recording are those of the contract.
    job.view = { ...statusView(), state: (wanted === '' ? 'RUNNING' : wanted) as JobState };
  if (textOf(body, 'status', 'id') === 'IN_PROGRESS' && path.includes('/savepoints/')) {
    const [triggerId = ''] = job.triggers.keys();
    job.triggers.set(triggerId, { status: 'in-progress' });
  } else if (path.includes('/savepoints/')) {
    for (const [triggerId, status] of job.triggers)
      if (status.status === 'in-progress')
        job.triggers.set(triggerId, { status: 'completed', checkpointId: 3, location: 'savepoints/s' });
  }
}

function textOf(body: unknown, ...names: readonly string[]): string {
  const found = names.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    body,
  );
  return typeof found === 'string' ? found : '';
}

function triggerOf(body: unknown): string | undefined {
  return textOf(body, 'request-id') || undefined;
}

/** Recorded paths are those of the JobManager's disk; ours are keys of the bucket. */
function ownLocations(body: unknown): string {
  return JSON.stringify(body)
    .replaceAll('file:/flink/savepoints/savepoint-599eef-3bbb310aff28', 's3://headwater/flink/savepoints/one')
    .replaceAll('"/flink/savepoints"', '"s3://headwater/flink/savepoints"');
}

function send(exchange: Exchange, path: string): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const text = ownLocations(exchange.request_body);
    // Graphs and JARs were sent in pieces, and are not in the recording.
    const { 'transfer-encoding': _, ...recorded } = exchange.request_headers;
    const headers = {
      ...recorded,
      host: `127.0.0.1:${server.port}`,
      'content-length': Buffer.byteLength(text),
    };
    const request = httpRequest(
      { port: server.port, host: '127.0.0.1', method: exchange.method, path, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        );
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

/** Members that only one of the bodies has, or that have two types. */
function differences(recorded: unknown, given: unknown, file: string): readonly string[] {
  if (file === WITHOUT_JOB) return missing(recorded, given);
  return [
    ...missing(recorded, given),
    ...missing(given, recorded, '').map((each) => `+${each.split(':')[0]}`),
  ];
}

function missing(recorded: unknown, given: unknown, path = ''): string[] {
  if (kindOf(recorded) !== kindOf(given)) return [`${path}: ${JSON.stringify(given)}`];
  if (typeof recorded !== 'object' || recorded === null || typeof given !== 'object' || given === null)
    return [];
  return Object.entries(recorded).flatMap(([name, value]) =>
    missing(value, Reflect.get(given, name), `${path}.${name}`),
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

test('a job that is not there is one of thirty-two zeros in the recordings', () => {
  expect(files.some((file) => readFileSync(new URL(file, folder), 'utf8').includes(NO_JOB))).toBe(true);
});
