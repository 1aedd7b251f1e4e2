import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { existingToken } from './existing-token.ts';

export const getToken = handler('getToken', async ({ platform, params, access }) => {
  const { token } = await existingToken(platform, params.token);
  demand(access, 'tokens:read', { namespace: token.namespace ?? undefined }, `read token "${token.id}"`);
  return { body: token };
});
