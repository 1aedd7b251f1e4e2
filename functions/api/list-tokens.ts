import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';

export const listTokens = handler('listTokens', async ({ platform, query, access }) => {
  demand(access, 'tokens:read', query, 'list tokens');
  return { body: await platform.stores.tokens.list(query.namespace ?? null, query) };
});
