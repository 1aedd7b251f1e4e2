import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyJwt } from './jwt.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let server: Server;
let issuer: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' };
    const isKeys = request.url === '/keys';
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { jwks_uri: `${issuer}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

function token(claims: Record<string, unknown>, key = privateKey, alg = 'ES256'): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg, kid: 'k' })}.${encode({ iss: issuer, aud: 'app', exp: now + 60, ...claims })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

describe('a token', () => {
  const rules = () => ({ issuer, audience: ['app'] });

  it('of the issuer for the audience gives its claims', async () => {
    expect(await verifyJwt(token({ sub: 'ann' }), rules())).toMatchObject({ sub: 'ann' });
    expect(await verifyJwt(token({ aud: undefined, client_id: 'app' }), rules())).toBeDefined();
  });

  it.each([
    ['expired', { exp: 1 }],
    ['not valid yet', { nbf: 9_999_999_999 }],
    ['for others', { aud: 'other' }],
    ['of another issuer', { iss: 'https://other.example' }],
  ])('that is %s is refused', async (_what, claims) => {
    expect(await verifyJwt(token(claims), rules())).toBeUndefined();
  });

  it('with a foreign signature, another algorithm or no form is refused', async () => {
    expect(await verifyJwt(token({}, stranger.privateKey), rules())).toBeUndefined();
    expect(await verifyJwt(token({}, privateKey, 'none'), rules())).toBeUndefined();
    expect(await verifyJwt('not.a.token', rules())).toBeUndefined();
  });
});
