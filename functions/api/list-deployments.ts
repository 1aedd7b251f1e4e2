import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const listDeployments = handler('listDeployments', async ({ platform, params, query }) => {
  await existingNamespace(platform, params.namespace);
  return { body: await platform.stores.deployments.list(params.namespace, query) };
});
