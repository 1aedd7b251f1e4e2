import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler } from './authorizer.ts';

// Before the logger is made: every refusal would be a line of this test's output.
vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
let issuerServer: Server;
let issuer = '';
let jwksReads = 0;

beforeAll(async () => {
  issuerServer = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    if (isKeys) jwksReads += 1;
    const keys = [
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' },
      { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
    ];
    response.end(JSON.stringify(isKeys ? { keys } : { jwks_uri: `${issuer}/keys` }));
  });
  await new Promise<void>((listening) => issuerServer.listen(0, '127.0.0.1', listening));
  // A TCP server's address is an AddressInfo.
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
  process.env['HEADWATER_ISSUER'] = issuer;
  process.env['HEADWATER_AUDIENCE'] = 'headwater';
});

beforeEach(() => {
  process.env['HEADWATER_ACCESS'] = 'oidc';
});

afterAll(() => issuerServer.close());

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1000);

interface Choices {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: KeyObject;
}

function token({ header = {}, claims = {}, key = rsa.privateKey }: Choices = {}): string {
  const head = { alg: 'RS256', kid: 'rsa', ...header };
  const body = {
    iss: issuer,
    sub: 'ada',
    aud: 'headwater',
    exp: now() + 60,
    roles: ['headwater-editor'],
    ...claims,
  };
  const text = `${part(head)}.${part(body)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

const authorize = (bearer: string) => handler({ headers: { authorization: `Bearer ${bearer}` } });

test('a valid token tells actor and role', async () => {
  expect(await authorize(token())).toEqual({
    isAuthorized: true,
    context: { actor: 'user:ada', role: 'editor', groups: '["headwater-editor"]' },
  });
});

test('an elliptic key signs as well', async () => {
  const signed = token({ header: { alg: 'ES256', kid: 'ec' }, key: ec.privateKey });
  expect((await authorize(signed)).isAuthorized).toBe(true);
});

test('the highest of several groups counts, and Cognito names its client instead of an audience', async () => {
  const claims = {
    aud: undefined,
    client_id: 'headwater',
    roles: undefined,
    'cognito:groups': ['headwater-viewer', 'headwater-owner', 'other'],
  };
  expect((await authorize(token({ claims }))).context.role).toBe('owner');
});

test.each<[string, () => string]>([
  ['a signature of a stranger', () => token({ key: stranger.privateKey })],
  ['an unknown key', () => token({ header: { kid: 'other' } })],
  ['no signature', () => `${part({ alg: 'none', kid: 'rsa' })}.${part({ sub: 'ada' })}.`],
  ['the algorithm none', () => token({ header: { alg: 'none' } })],
  ['a symmetric algorithm', () => token({ header: { alg: 'HS256' } })],
  ['an algorithm of another key type', () => token({ header: { alg: 'ES256' } })],
  ['another issuer', () => token({ claims: { iss: 'https://elsewhere' } })],
  ['another audience', () => token({ claims: { aud: 'other' } })],
  ['no audience', () => token({ claims: { aud: undefined } })],
  ['an end in the past', () => token({ claims: { exp: now() - 3600 } })],
  ['no end', () => token({ claims: { exp: undefined } })],
  ['a begin in the future', () => token({ claims: { nbf: now() + 3600 } })],
  ['no form at all', () => 'x'],
])('a token with %s is nobody', async (_, make) => {
  expect((await authorize(make())).context).toEqual({ refusal: 'the access token is not valid' });
});

test('a token without a role of ours is somebody who may have been given one by name or group', async () => {
  const { context } = await authorize(token({ claims: { roles: ['admin', 'payments'] } }));
  expect(context).toEqual({ actor: 'user:ada', groups: '["admin","payments"]' });
});

test('a changed claim breaks the signature', async () => {
  const [head, , signature] = token().split('.');
  const forged = part({
    iss: issuer,
    sub: 'eve',
    aud: 'headwater',
    exp: now() + 60,
    roles: ['headwater-admin'],
  });
  const { context } = await authorize(`${head}.${forged}.${signature}`);
  expect(context).toEqual({ refusal: 'the access token is not valid' });
});

test('a request without a token is nobody', async () => {
  expect((await handler({ headers: {} })).context).toEqual({ refusal: 'nobody is signed in' });
});

test('invented key ids do not make the issuer be asked again and again', async () => {
  const before = jwksReads;
  for (let index = 0; index < 5; index++) await authorize(token({ header: { kid: `invented-${index}` } }));
  expect(jwksReads - before).toBeLessThanOrEqual(1);
});

test('local access on AWS lets nobody in', async () => {
  process.env['HEADWATER_ACCESS'] = 'local';
  delete process.env['AWS_ENDPOINT_URL'];
  const { context } = await handler({ headers: {} });
  expect(context).toEqual({ refusal: expect.stringContaining('this is no laptop') });
});

test('on a laptop everybody is the admin', async () => {
  process.env['HEADWATER_ACCESS'] = 'local';
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:4566';
  expect((await handler({ headers: {} })).context).toEqual({ actor: 'user:admin', role: 'admin' });
  expect((await authorize('x')).context).toEqual({ refusal: 'the access token is not valid' });
});
