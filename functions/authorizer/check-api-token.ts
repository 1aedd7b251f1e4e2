import { createHash, timingSafeEqual } from 'node:crypto';
import type { StatedGrant } from '../control/decide-access.ts';
import type { CallerContext } from '../middleware/call.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { StoredToken, TokenStore } from '../stores/tokens.ts';
import { Refusal } from './refusal.ts';

const NOTED_EVERY_MS = 60_000;

/** Who an API token is; throws a `Refusal` for one that is unknown, wrong, expired or revoked. */
export async function checkApiToken(
  tokens: TokenStore,
  id: string,
  secret: string,
): Promise<Partial<CallerContext>> {
  const stored = await tokens.get(id);
  const now = new Date().toISOString();
  // Whether the id or the secret is wrong is told to nobody.
  if (stored === undefined || !isSecretOf(stored, secret, now))
    throw new Refusal('the API token is not known');
  const { token } = stored;
  if (token.revokedAt !== null) throw new Refusal(`API token "${id}" was revoked at ${token.revokedAt}`);
  if (token.expiresAt <= now) throw new Refusal(`API token "${id}" expired at ${token.expiresAt}; rotate it`);
  await noteUse(tokens, stored);
  const { role, permissions, namespace, deployment } = token;
  const grant: StatedGrant = { role, permissions, namespace, deployment };
  return { actor: `token:${id}`, grant: JSON.stringify(grant) };
}

function isSecretOf(stored: StoredToken, secret: string, now: string): boolean {
  const given = createHash('sha256').update(secret).digest();
  const isCurrent = timingSafeEqual(given, Buffer.from(stored.sha256, 'hex'));
  const { previousUntil } = stored.token;
  if (stored.previousSha256 === null || previousUntil === null || previousUntil <= now) return isCurrent;
  return timingSafeEqual(given, Buffer.from(stored.previousSha256, 'hex')) || isCurrent;
}

/** A use that is not noted is no reason to refuse the caller. */
async function noteUse(tokens: TokenStore, stored: StoredToken): Promise<void> {
  const { id, lastUsedAt } = stored.token;
  const before = new Date(Date.now() - NOTED_EVERY_MS).toISOString();
  if (lastUsedAt !== null && lastUsedAt >= before) return;
  try {
    await tokens.used(id, new Date().toISOString(), before);
  } catch (error) {
    logger.warn('The use of a token was not noted', { tokenId: id, ...errorFields(error) });
  }
}
