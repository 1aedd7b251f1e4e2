import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const listNamespaceSavepoints = handler(
  'listNamespaceSavepoints',
  async ({ platform, params, query }) => {
    await existingNamespace(platform, params.namespace);
    return { body: await platform.stores.savepoints.ofNamespace(params.namespace, query) };
  },
);
