import type { ApiToken } from '#contract/resources/api-token.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { checkGiving } from './giving.ts';
import { expiryOf, newSecret } from './token-secret.ts';

export const createToken = handler('createToken', async ({ platform, body, access }) => {
  const { stores, now, newId } = platform;
  const { name, role = null, permissions = [], namespace, deployment, lifetimeDays } = body;
  const act = `create token "${name}"`;
  demand(access, 'tokens:write', { namespace: namespace ?? undefined }, act);
  await checkGiving(platform, access, { role, permissions, namespace, deployment }, act);
  const id = newId();
  const { secret, sha256 } = newSecret(id);
  const token: ApiToken = {
    id,
    name,
    role,
    permissions,
    namespace,
    deployment,
    createdAt: now().toISOString(),
    createdBy: access.actor,
    lifetimeDays,
    expiresAt: expiryOf(now(), lifetimeDays),
    rotatedAt: null,
    previousUntil: null,
    revokedAt: null,
    lastUsedAt: null,
  };
  await stores.commit([stores.tokens.created({ token, sha256, previousSha256: null, revision: 1 })]);
  return { body: { token, secret } };
});
