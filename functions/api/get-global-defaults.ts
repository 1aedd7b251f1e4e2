import { handler } from '../middleware/call.ts';

export const getGlobalDefaults = handler('getGlobalDefaults', async ({ platform }) => {
  const defaults = await platform.stores.defaults.get(null);
  return { body: defaults, revision: defaults.revision };
});
