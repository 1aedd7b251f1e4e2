import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const listApplications = handler('listApplications', async ({ platform, params, query }) => {
  await existingNamespace(platform, params.namespace);
  return { body: await platform.stores.applications.list(params.namespace, query) };
});
