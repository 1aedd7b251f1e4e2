import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonAnswer } from '../apigateway/answer.ts';
import { startWebServer } from './web-server.ts';
import type { WebServer } from './web-server.ts';

let server: WebServer;

beforeAll(async () => {
  server = await startWebServer({ port: 0, onError: () => {} });
  server.serve(() => Promise.resolve(jsonAnswer(200, { message: 'served' })));
});

afterAll(() => server.close());

/** Status of a request with these headers; `fetch` would not send a Host of our choice. */
function statusOf(method: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the web port', () => {
  test('serves names of this machine only', async () => {
    const { port } = new URL(server.url);
    expect(await statusOf('GET', {})).toBe(200);
    expect(await statusOf('GET', { host: `localhost:${port}` })).toBe(200);
    expect(await statusOf('GET', { host: `rebound.example:${port}` })).toBe(403);
  });

  test('takes changes from its own pages and from clients that are no page', async () => {
    expect(await statusOf('POST', {})).toBe(200);
    expect(await statusOf('POST', { origin: server.url })).toBe(200);
    expect(await statusOf('POST', { origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf('POST', { origin: 'http://127.0.0.1:3000' })).toBe(403);
    expect(await statusOf('POST', { origin: 'null' })).toBe(403);
  });

  test('names the flag when its port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startWebServer({ port, onError: () => {} })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use; choose another with --port`,
    );
  });
});
