import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from './gateway.ts';
import { isPrivateAddress } from './private-address.ts';

let job: Server;
let address = '';

beforeAll(async () => {
  job = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const { method, url, headers } = request;
      if (url === '/redirect') return response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
      if (url === '/text') return response.end('plain text');
      response.statusCode = url === '/missing' ? 404 : 200;
      return response.end(
        JSON.stringify({ method, url, token: headers.authorization, body: chunks.join('') }),
      );
    });
  });
  await new Promise<void>((listening) => job.listen(0, '127.0.0.1', listening));
  // A TCP server's address is an AddressInfo.
  address = `http://127.0.0.1:${(job.address() as AddressInfo).port}`;
});

afterAll(() => job.close());

test('calls are answered in their order, with the bearer token of the job', async () => {
  const answers = await handler({
    address,
    token: 'secret',
    calls: [
      { method: 'GET', path: '/jobs/overview?x=1' },
      { method: 'POST', path: '/jobs/1/stop', body: { drain: false } },
      { method: 'GET', path: '/missing' },
      { method: 'GET', path: '/text' },
    ],
  });
  expect(answers).toMatchObject([
    { status: 200, body: { method: 'GET', url: '/jobs/overview?x=1', token: 'Bearer secret', body: '' } },
    { status: 200, body: { method: 'POST', body: '{"drain":false}' } },
    { status: 404 },
    { status: 200, body: 'plain text' },
  ]);
});

test('a job that does not answer has status 0 and the reason', async () => {
  const calls = [{ method: 'GET', path: '/jobs' }];
  const [answer] = await handler({ address: 'http://127.0.0.1:1', token: '', calls });
  expect(answer).toMatchObject({ status: 0, body: expect.stringMatching(/ECONNREFUSED|bad port/) });
});

test('a redirection is not followed', async () => {
  const [answer] = await handler({ address, token: '', calls: [{ method: 'GET', path: '/redirect' }] });
  expect(answer?.status).toBe(0);
});

test.each([
  'http://example.com',
  'http://169.254.169.254',
  'http://8.8.8.8:8081',
  'http://localhost:1',
  'http://[::1]:1',
])('the address %s is refused', async (refused) => {
  await expect(handler({ address: refused, token: '', calls: [] })).rejects.toThrow();
});

test.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['169.254.169.254', false],
  ['10.0.0.1.example.com', false],
])('%s is private: %s', (hostname, isPrivate) => {
  expect(isPrivateAddress(hostname)).toBe(isPrivate);
});
