import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const listCaptures = handler('listCaptures', async ({ platform, params, query }) => {
  const { id } = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: await platform.stores.captures.list(id, params.sink, query) };
});
