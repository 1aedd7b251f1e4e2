import { handler } from '../middleware/call.ts';

export const listGlobalDefaultsRevisions = handler(
  'listGlobalDefaultsRevisions',
  async ({ platform, query }) => ({ body: await platform.stores.defaults.revisions(null, query) }),
);
