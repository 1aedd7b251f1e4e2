import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import type { SinkWriter } from '../connector.ts';
import { TestConnectorHost } from '../connector-host.fixture.ts';
import { httpSink, type HttpSinkOptions } from './index.ts';
import { retryAfterMs } from './retry-after.ts';

const Alarm = t.row({ id: t.int });
type Alarm = { readonly id: number };

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let seen: Seen[];
/** Statuses of the next answers, with their header; 200 when none is left. */
let answers: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];
let host: TestConnectorHost;

beforeEach(async () => {
  [seen, answers, host] = [[], [], new TestConnectorHost()];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      const { status, headers } = answers.shift() ?? { status: 200 };
      response.writeHead(status, headers).end('ok');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function writer(options: Partial<HttpSinkOptions<Alarm>> = {}): SinkWriter<Alarm> {
  const { port } = server.address() as AddressInfo;
  return httpSink({ url: `http://127.0.0.1:${port}/in?token=secret`, schema: Alarm, ...options }).writer(
    host,
    0,
  );
}

/** Moves the clock on until the writer has nothing in hand. */
async function flushed(sink: SinkWriter<Alarm>): Promise<void> {
  const state = { done: false };
  const over = sink.flush().finally(() => {
    state.done = true;
  });
  // It may fail before anybody waits for it.
  over.catch(() => undefined);
  while (!state.done) {
    await host.advance(100);
    await new Promise(setImmediate);
  }
  await over;
}

describe('a sink over HTTP', () => {
  test('posts records in order, in batches of lines', async () => {
    const sink = writer({ batchRecords: 2 });
    for (let id = 0; id < 5; id += 1) sink.write({ id }, 0);
    await flushed(sink);
    expect(seen.map(({ body }) => body)).toEqual([
      '{"id":0}\n{"id":1}\n',
      '{"id":2}\n{"id":3}\n',
      '{"id":4}\n',
    ]);
    expect(seen[0]?.headers['content-type']).toBe('application/x-ndjson');
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
  });

  test('makes a request again under its key, not before the service wants it', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }];
    const sink = writer({ batchRecords: 1, headers: { authorization: 'Bearer x' } });
    const startedAt = host.nowMs;
    sink.write({ id: 1 }, 0);
    await flushed(sink);
    expect(seen.map(({ body }) => body)).toEqual(['{"id":1}', '{"id":1}', '{"id":1}']);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(seen[0]?.headers.authorization).toBe('Bearer x');
    expect(host.nowMs - startedAt).toBeGreaterThanOrEqual(7000);
    expect(host.events.map(({ message }) => message)).toEqual(['A request failed and is made again']);
  });

  test('fails over a refusal, and tells no secret', async () => {
    answers = [{ status: 403 }];
    const sink = writer();
    sink.write({ id: 1 }, 0);
    await expect(flushed(sink)).rejects.toThrow(/^Cannot POST to "[^"?]*\/in": it answers with status 403/);
    expect(() => sink.write({ id: 2 }, 0)).toThrow('status 403');
  });

  test('says at least once, and shows its address without what is secret in it', () => {
    const sink = httpSink<Alarm>({ url: 'https://u:p@example.org/in?token=secret' });
    expect(sink.guarantee).toBe('at-least-once');
    expect(sink.options).toEqual({ url: 'https://example.org/in', method: 'POST', format: 'json' });
    expect(() => httpSink({ url: 'ftp://example.org' })).toThrow('it is no address of the web');
  });
});

test.each([
  ['12', 12_000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 0],
  ['900', 300_000],
  ['soon', undefined],
  [null, undefined],
])('a Retry-After of %j is %j ms', (header, expected) => {
  expect(retryAfterMs(header, 10_000)).toBe(expected);
});
