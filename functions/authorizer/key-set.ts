import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { Keys } from './verify-token.ts';

const MAX_AGE_MS = 600_000;
// A token with an invented key id must not make us ask the issuer at every call.
const MIN_INTERVAL_MS = 30_000;
const TIMEOUT_MS = 3000;

const Discovery = z.object({ jwks_uri: z.url() });
const Jwks = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })),
});

/** The public keys of an issuer, fetched when needed and kept for ten minutes. */
export class KeySet implements Keys {
  readonly #issuer: string;
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #fetchedAtMs = -Infinity;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  async get(kid: string): Promise<KeyObject | undefined> {
    const age = Date.now() - this.#fetchedAtMs;
    const isMissing = !this.#keys.has(kid) && age > MIN_INTERVAL_MS;
    if (isMissing || age > MAX_AGE_MS) await this.#fetch();
    return this.#keys.get(kid);
  }

  async #fetch(): Promise<void> {
    const base = this.#issuer.replace(/\/$/, '');
    const { jwks_uri } = Discovery.parse(await read(`${base}/.well-known/openid-configuration`));
    const { keys } = Jwks.parse(await read(jwks_uri));
    this.#keys = new Map(
      keys
        .filter(({ kty }) => kty === 'RSA' || kty === 'EC')
        .map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]),
    );
    this.#fetchedAtMs = Date.now();
  }
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`Cannot read "${url}": the issuer answered ${response.status}`);
  return response.json();
}
