import { durationMs } from '#contract/duration.ts';
import { Problem } from '#contract/problems.ts';
import type { ApiToken } from '#contract/resources/api-token.ts';
import { handler } from '../middleware/call.ts';
import type { Access } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import type { Platform } from '../middleware/platform.ts';
import { commitChange } from './changes.ts';
import { existingToken } from './existing-token.ts';
import { checkGiving } from './giving.ts';
import { expiryOf, newSecret } from './token-secret.ts';

export const rotateToken = handler('rotateToken', async ({ platform, params, body, access }) => {
  const { stores, now } = platform;
  const stored = await existingToken(platform, params.token);
  const act = `rotate token "${stored.token.id}"`;
  demand(access, 'tokens:write', { namespace: stored.token.namespace ?? undefined }, act);
  if (stored.token.revokedAt !== null) {
    throw new Problem(
      'not-found',
      `Cannot ${act}: it was revoked at ${stored.token.revokedAt}; create another`,
    );
  }
  await checkOwning(platform, access, stored.token, act);
  const { secret, sha256 } = newSecret(stored.token.id);
  const { overlap } = body;
  const token: ApiToken = {
    ...stored.token,
    rotatedAt: now().toISOString(),
    expiresAt: expiryOf(now(), stored.token.lifetimeDays),
    previousUntil:
      overlap === undefined ? null : new Date(now().getTime() + durationMs(overlap)).toISOString(),
  };
  const previousSha256 = overlap === undefined ? null : stored.sha256;
  const rotated = { token, sha256, previousSha256, revision: stored.revision + 1 };
  await commitChange(stores, `token "${token.id}"`, [stores.tokens.replaced(rotated)]);
  return { body: { token, secret } };
});

/** The caller will know the secret, so it must not open more than what the caller may do anyway. */
async function checkOwning(platform: Platform, access: Access, token: ApiToken, act: string): Promise<void> {
  await checkGiving(platform, access, token, act);
  for (const binding of await platform.stores.roleBindings.ofMember(`token:${token.id}`)) {
    await checkGiving(platform, access, { ...binding, permissions: [] }, act);
  }
}
