import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEndpoint } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { AwsError, jsonService, sendJson } from './services/service.ts';
import type { Service } from './services/service.ts';

let endpoint: Endpoint;
let errors: unknown[];
let bodies: number[];

const echo = jsonService({
  targets: ['Echo_20260101'],
  contentType: 'application/x-amz-json-1.1',
  operations: {
    Say: (input) => input,
    Refuse() {
      throw new AwsError(400, 'RefusedException', 'No', { Reason: 'because' });
    },
    Fail() {
      throw new TypeError('a bug');
    },
  },
});

function named(name: string, claims?: Service['claims']): Service {
  return {
    targets: [],
    ...(claims === undefined ? {} : { claims }),
    async handle(request, response) {
      bodies.push((await request.body(1000)).length);
      sendJson(response, 200, 'application/json', { name, path: request.path, query: request.query });
    },
    close: async () => {},
  };
}

beforeEach(async () => {
  errors = [];
  bodies = [];
  const lambda = named('lambda', (request) => request.path.startsWith('/2015-03-31/functions'));
  const sts = named(
    'sts',
    (request) => request.headers['content-type'] === 'application/x-www-form-urlencoded',
  );
  endpoint = await startEndpoint({
    port: 0,
    services: [named('s3'), echo, lambda, sts],
    onError: (error) => errors.push(error),
  });
});

afterEach(() => endpoint.close());

const call = (operation: string, body: string) =>
  fetch(endpoint.url, { method: 'POST', headers: { 'x-amz-target': operation }, body });

/** Sends a request with a Host header of our choice, which fetch would not. */
function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.get(endpoint.url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
  });
}

describe('dispatch', () => {
  test('a request signed for a service that is not here is refused instead of taken for a bucket', async () => {
    const signed = (service: string) =>
      fetch(`${endpoint.url}/v2/apis`, {
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=k/20261121/eu-west-1/${service}/aws4_request, x`,
        },
      });
    const refused = await signed('apigateway');
    expect(refused.status).toBe(400);
    expect(refused.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await refused.text()).toContain('The local cloud has no service for "apigateway"');
    expect(await (await signed('s3')).json()).toMatchObject({ name: 's3' });
  });

  test('a request with a target goes to the service of its prefix', async () => {
    const answer = await call('Echo_20260101.Say', '{"a":1}');
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await answer.json()).toEqual({ a: 1 });
  });

  test('a request without a target goes to the service that claims it, else to the fallback', async () => {
    const name = async (path: string, init?: RequestInit) =>
      (await (await fetch(endpoint.url + path, init)).json()) as object;
    expect(await name('/2015-03-31/functions/f/invocations')).toMatchObject({ name: 'lambda' });
    expect(
      await name('/', {
        method: 'POST',
        body: new URLSearchParams('Action=GetCallerIdentity').toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ).toMatchObject({ name: 'sts' });
    expect(await name('/bucket/a%2Fb?list-type=2')).toEqual({
      name: 's3',
      path: '/bucket/a%2Fb',
      query: 'list-type=2',
    });
  });

  test('an unknown target or operation gets the error of AWS', async () => {
    for (const target of ['Nothing_1.Do', 'Echo_20260101.Sing', 'Echo_20260101.toString']) {
      const answer = await call(target, '{}');
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ __type: 'UnknownOperationException' });
    }
  });

  test('two services that both take what is left over are refused', async () => {
    await expect(startEndpoint({ port: 0, services: [named('one'), named('two')] })).rejects.toThrow(
      'give one of them',
    );
  });
});

describe('errors', () => {
  test('a refusal carries its type, message and details, and is not logged', async () => {
    const answer = await call('Echo_20260101.Refuse', '{}');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: 'RefusedException',
      message: 'No',
      Reason: 'because',
    });
    expect(errors).toEqual([]);
  });

  test('a fault of a service is a 500 in the form of AWS, logged once', async () => {
    const answer = await call('Echo_20260101.Fail', '{}');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ __type: 'InternalFailure', message: 'a bug' });
    expect(errors).toHaveLength(1);
  });

  test('a body that is not JSON is refused', async () => {
    for (const body of ['{"half":', '[1]', 'null']) {
      expect(await (await call('Echo_20260101.Say', body)).json()).toMatchObject({
        __type: 'SerializationException',
      });
    }
  });

  test('a body above the limit is refused with 413', async () => {
    expect((await fetch(`${endpoint.url}/b/k`, { method: 'PUT', body: 'x'.repeat(1001) })).status).toBe(413);
  });
});

describe('loopback', () => {
  test('a foreign Host header is refused, as a rebound name would send it', async () => {
    expect(await statusFor('attacker.example')).toBe(403);
    expect(await statusFor(`attacker.example:${endpoint.port}`)).toBe(403);
    expect(await statusFor('127.0.0.1:1')).toBe(403);
    expect(await statusFor('127.0.0.1.attacker.example')).toBe(403);
  });

  test('the names of this machine are served, with and without the port', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(await statusFor(host)).toBe(200);
      expect(await statusFor(`${host}:${endpoint.port}`)).toBe(200);
    }
  });

  test('a busy port is named together with the remedy', async () => {
    await expect(startEndpoint({ port: endpoint.port, services: [] })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${endpoint.port}: the port is in use; choose another with --aws-port`,
    );
  });
});

describe('connections', () => {
  test('a client that hangs up in the middle of a body hurts nobody', async () => {
    const socket = net.connect(endpoint.port, '127.0.0.1');
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: Echo_20260101.Say\r\nContent-Length: 1000\r\n\r\n{"half":`;
    await new Promise<void>((resolve) => {
      socket.write(head, () => resolve());
    });
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
    expect((await call('Echo_20260101.Say', '{}')).status).toBe(200);
    expect(errors).toEqual([]);
  });

  test('bytes that are no HTTP are refused and end that connection only', async () => {
    const socket = net.connect(endpoint.port, '127.0.0.1', () =>
      socket.write('\u0016\u0003\u0001 not http\r\n\r\n'),
    );
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString()));
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await call('Echo_20260101.Say', '{}')).status).toBe(200);
  });

  test('a closed endpoint refuses connections', async () => {
    const { url } = endpoint;
    await endpoint.close();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    endpoint = await startEndpoint({ port: 0, services: [] });
  });
});
