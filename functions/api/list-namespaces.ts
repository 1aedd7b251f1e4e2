import { handler } from '../middleware/call.ts';

export const listNamespaces = handler('listNamespaces', async ({ platform, query }) => ({
  body: await platform.stores.namespaces.list(query),
}));
