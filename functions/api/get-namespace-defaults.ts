import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const getNamespaceDefaults = handler('getNamespaceDefaults', async ({ platform, params }) => {
  await existingNamespace(platform, params.namespace);
  const defaults = await platform.stores.defaults.get(params.namespace);
  return { body: defaults, revision: defaults.revision };
});
