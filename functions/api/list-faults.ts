import { faultList } from '../gateway/fault-view.ts';
import { readOwn } from '../gateway/read-own.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const listFaults = handler('listFaults', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: faultList(await readOwn(platform, deployment, 'faults')) };
});
