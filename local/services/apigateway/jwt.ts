/** JSON Web Tokens: signature by the issuer's published keys, and the claims that an API checks. */
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';

// AWS keeps the keys of an issuer for up to two hours; shorter is kinder to a developer who rotates them.
const keysKeptMs = 5 * 60_000;

/** What a token must carry. */
export interface JwtRules {
  readonly issuer: string;
  readonly audience: readonly string[];
}

interface KeySet {
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly fetchedAt: number;
}

const keySets = new Map<string, KeySet>();

/** The claims of a valid token; undefined for any other. */
export async function verifyJwt(token: string, rules: JwtRules): Promise<JsonObject | undefined> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decode(head);
  const claims = decode(body);
  if (header === undefined || claims === undefined || !hasValidClaims(claims, rules)) return undefined;
  const key = await keyOf(rules.issuer, String(header['kid']));
  if (key === undefined) return undefined;
  const signed = Buffer.from(`${head}.${body}`);
  const given = Buffer.from(signature, 'base64url');
  if (header['alg'] === 'RS256') return verify('sha256', signed, key, given) ? claims : undefined;
  if (header['alg'] !== 'ES256') return undefined;
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, given) ? claims : undefined;
}

function hasValidClaims(claims: JsonObject, rules: JwtRules): boolean {
  const now = Date.now() / 1000;
  const audiences = [claims['aud']].flat();
  // Access tokens of Cognito name their client instead of an audience.
  const isForUs = rules.audience.some((one) => audiences.includes(one) || claims['client_id'] === one);
  return (
    claims['iss'] === rules.issuer &&
    isForUs &&
    Number(claims['exp']) > now &&
    (claims['nbf'] === undefined || Number(claims['nbf']) <= now)
  );
}

async function keyOf(issuer: string, id: string): Promise<KeyObject | undefined> {
  const known = keySets.get(issuer);
  if (known !== undefined && Date.now() - known.fetchedAt < keysKeptMs) return known.keys.get(id);
  const base = issuer.replace(/\/$/, '');
  const configuration = await fetchObject(`${base}/.well-known/openid-configuration`);
  const keySet = await fetchObject(String(configuration['jwks_uri']));
  const list = Array.isArray(keySet['keys']) ? keySet['keys'].filter(isObject) : [];
  const keys = new Map(
    list.map((jwk) => [String(jwk['kid']), createPublicKey({ key: jwk, format: 'jwk' })] as const),
  );
  keySets.set(issuer, { keys, fetchedAt: Date.now() });
  return keys.get(id);
}

async function fetchObject(url: string): Promise<JsonObject> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  const body: unknown = await response.json();
  if (!response.ok || !isObject(body)) throw new Error(`Cannot read ${url}: status ${response.status}`);
  return body;
}

function decode(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
