import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../steps/request-verb.ts';

export const getDeployment = handler('getDeployment', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: deployment, revision: deployment.revision };
});
