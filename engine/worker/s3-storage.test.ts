import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openS3Storage } from './s3-storage.ts';

const CONTENT = 'state of a job';

/** Answers every GET, and breaks so many of the answers off within their body. */
let server: Server;
let broken = 0;
let requests = 0;

beforeEach(async () => {
  requests = 0;
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'local');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  server = createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { 'content-length': CONTENT.length, etag: '"1"' });
    if (broken === 0) {
      response.end(CONTENT);
      return;
    }
    broken -= 1;
    response.write(CONTENT.slice(0, 5), () => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function open() {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return openS3Storage('bucket', `http://127.0.0.1:${port}`);
}

test('an object is read again when its answer breaks off', async () => {
  broken = 2;
  const found = await (await open()).get('d/head.json');
  expect(Buffer.from(found?.bytes ?? []).toString()).toBe(CONTENT);
  expect(requests).toBe(3);
});

test('a read gives up when one answer after the other breaks off, and says of what', async () => {
  broken = 100;
  await expect((await open()).get('d/head.json')).rejects.toThrow(
    'Cannot read "d/head.json" of bucket "bucket": 5 answers in a row broke off',
  );
  expect(requests).toBe(5);
});
