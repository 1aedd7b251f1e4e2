import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settled, TestConnectorHost } from '../connector-host.fixture.ts';
import { dynamoDb } from './index.ts';

let server: Server;
let asked: Promise<ServerResponse>;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const { promise, resolve } = Promise.withResolvers<ServerResponse>();
  asked = promise;
  server = createServer((_, response) => resolve(response));
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

class Host extends TestConnectorHost {
  override readonly environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
  };
}

test('a writer of items is closed when its last request is answered', async () => {
  const host = new Host();
  const writer = dynamoDb<{ readonly id: string }>({ table: 'totals', key: ({ id }) => ({ id }) }).writer(
    host,
    0,
  );
  writer.write({ id: 'a' }, 0);
  void writer.flush();
  const response = await asked;
  let closed = false;
  const closing = writer.close().then(() => {
    closed = true;
  });
  await settled();
  expect(closed).toBe(false);
  response.end('{}');
  await closing;
});
