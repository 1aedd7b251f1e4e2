import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { commitChange } from './changes.ts';
import { existingToken } from './existing-token.ts';

export const revokeToken = handler('revokeToken', async ({ platform, params, access }) => {
  const { stores, now } = platform;
  const stored = await existingToken(platform, params.token);
  const { namespace } = stored.token;
  demand(access, 'tokens:write', { namespace: namespace ?? undefined }, `revoke token "${stored.token.id}"`);
  if (stored.token.revokedAt !== null) return { body: stored.token };
  const token = { ...stored.token, revokedAt: now().toISOString() };
  const revoked = { ...stored, token, revision: stored.revision + 1 };
  await commitChange(stores, `token "${token.id}"`, [stores.tokens.replaced(revoked)]);
  return { body: token };
});
