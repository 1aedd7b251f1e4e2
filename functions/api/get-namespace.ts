import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const getNamespace = handler('getNamespace', async ({ platform, params }) => {
  const namespace = await existingNamespace(platform, params.namespace);
  return { body: namespace, revision: namespace.revision };
});
