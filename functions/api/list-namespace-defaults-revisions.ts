import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const listNamespaceDefaultsRevisions = handler(
  'listNamespaceDefaultsRevisions',
  async ({ platform, params, query }) => {
    await existingNamespace(platform, params.namespace);
    return { body: await platform.stores.defaults.revisions(params.namespace, query) };
  },
);
