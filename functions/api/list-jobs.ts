import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const listJobs = handler('listJobs', async ({ platform, params, query }) => {
  const { id } = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: await platform.stores.jobs.list(id, query) };
});
