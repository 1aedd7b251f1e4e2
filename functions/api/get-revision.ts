import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { existingRevision } from './existing-revision.ts';

export const getRevision = handler('getRevision', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: await existingRevision(platform, deployment, params.revision) };
});
