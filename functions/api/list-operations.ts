import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const listOperations = handler('listOperations', async ({ platform, params, query }) => {
  const { id } = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: await platform.stores.operations.list(id, query) };
});
