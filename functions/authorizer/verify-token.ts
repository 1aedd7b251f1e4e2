/** Verifies a JSON Web Token: signature, issuer, audience and times. Source: RFC 7519 and RFC 8725. */
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as z from 'zod';

/** The algorithms that are accepted. The token may choose between them, and only with a key made for its choice. */
const algorithms = {
  RS256: { keyType: 'rsa', options: {} },
  ES256: { keyType: 'ec', options: { dsaEncoding: 'ieee-p1363' } },
} as const;

const Header = z.object({ alg: z.enum(['RS256', 'ES256']), kid: z.string() });

const Names = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => (typeof value === 'string' ? value.split(/[ ,]+/) : value));

const Claims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(200),
  exp: z.number(),
  nbf: z.number().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  /** Cognito's access tokens name the client here and have no audience. */
  client_id: z.string().optional(),
  'cognito:groups': Names,
  roles: Names,
});
export type Claims = z.infer<typeof Claims>;

/** Where keys come from. */
export interface Keys {
  /** Undefined when the issuer has no key of this id. */
  get(kid: string): Promise<KeyObject | undefined>;
}

/** What a token must say. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly nowSeconds: number;
}

// Clocks of issuer and platform differ a little.
const LEEWAY_SECONDS = 30;

/** The claims of a valid token; throws with the reason for any other. */
export async function verifyToken(token: string, keys: Keys, expected: Expected): Promise<Claims> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = Header.parse(decode(head));
  const key = await keys.get(header.kid);
  if (key === undefined) throw refusal(`the issuer has no key "${header.kid}"`);
  const { keyType, options } = algorithms[header.alg];
  if (key.asymmetricKeyType !== keyType) throw refusal(`key "${header.kid}" is not made for ${header.alg}`);
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key, ...options },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw refusal('its signature is wrong');
  const claims = Claims.parse(decode(body));
  checkClaims(claims, expected);
  return claims;
}

function checkClaims(claims: Claims, { issuer, audience, nowSeconds }: Expected): void {
  if (claims.iss !== issuer) throw refusal(`its issuer is "${claims.iss}"`);
  const audiences = [claims.aud ?? claims.client_id ?? []].flat();
  if (!audiences.includes(audience)) throw refusal('it is meant for another audience');
  if (claims.exp + LEEWAY_SECONDS <= nowSeconds) throw refusal('it has expired');
  if (claims.nbf !== undefined && claims.nbf - LEEWAY_SECONDS > nowSeconds) {
    throw refusal('it is not valid yet');
  }
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

function refusal(reason: string): Error {
  return new Error(`Cannot accept the token: ${reason}`);
}
