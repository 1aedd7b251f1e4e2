import { handler } from '../middleware/call.ts';

export const listTargets = handler('listTargets', async ({ platform, query }) => ({
  body: await platform.stores.targets.list(query),
}));
