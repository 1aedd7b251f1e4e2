/** Replays what the real command line of Flink sent, and looks for every field that a real JobManager answered. */
import { readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InMemoryStorage } from '../runtime/in-memory-storage.ts';
import { FakeJob, JOB_ID, STARTED_AT_MS } from './fake-job.fixture.ts';
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

const folder = new URL('../../test/data/flink-cli/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const NO_JOB = '0'.repeat(32);

let server: RestServer;

beforeEach(async () => {
  const storage = new InMemoryStorage();
  await storage.put('flink/savepoints/one/manifest.json', new Uint8Array());
  let triggers = 0;
  server = await startRestServer({
    job: new FakeJob(),
    storage,
    clock: { now: () => STARTED_AT_MS + 5050 },
    bucket: 'headwater',
    savepointDirectory: 'savepoints',
    newTriggerId: () => String((triggers += 1)).padStart(32, '0'),
    configuration: {},
    revision: 'abc',
    resources: () => ({
      cpus: 1,
      memoryBytes: 1,
      freeMemoryBytes: 1,
      heapUsedBytes: 1,
      heapCommittedBytes: 1,
      heapMaxBytes: 1,
      residentBytes: 1,
    }),
    port: 0,
    host: '127.0.0.1',
    onError: (error) => expect.unreachable(String(error)),
  });
});

afterEach(() => server.close());

describe('the command line of Flink', () => {
  test('has recordings to be replayed', () => {
    expect(files.length).toBeGreaterThanOrEqual(14);
  });

  test.each(files)('is answered as it was in %s', async (file) => {
    const { exchanges } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      exchanges: Exchange[];
    };
    let triggerId = '';
    for (const exchange of exchanges) {
      const path = exchange.path
        .replace(/jobs\/(?!0{32})[0-9a-f]{32}/, `jobs/${JOB_ID}`)
        .replace(/(savepoints|checkpoints|savepoint-disposal)\/[0-9a-f]{32}$/, `$1/${triggerId}`);
      const answer = await send(exchange, path);
      expect(answer.status, `${exchange.method} ${path}`).toBe(exchange.status);
      expect(missingFields(exchange.response_body, answer.body)).toEqual([]);
      triggerId = triggerOf(answer.body) ?? triggerId;
    }
  });
});

function triggerOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'request-id' in body
    ? String(body['request-id'])
    : undefined;
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
    const headers = {
      ...exchange.request_headers,
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

/** Paths of members that the recorded body has and the given one lacks or has with another type. */
function missingFields(recorded: unknown, given: unknown, path = ''): string[] {
  if (typeof recorded !== typeof given || Array.isArray(recorded) !== Array.isArray(given)) {
    return [`${path}: ${JSON.stringify(given)}`];
  }
  if (typeof recorded !== 'object' || recorded === null || typeof given !== 'object' || given === null) {
    return [];
  }
  return Object.entries(recorded).flatMap(([name, value]) =>
    missingFields(value, Reflect.get(given, name), `${path}.${name}`),
  );
}

test('a job that is not there is one of thirty-two zeros in the recordings', () => {
  expect(files.some((file) => readFileSync(new URL(file, folder), 'utf8').includes(NO_JOB))).toBe(true);
});
