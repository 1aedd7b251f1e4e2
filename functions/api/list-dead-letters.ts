import { deadLetters } from '../gateway/fault-view.ts';
import { readOwn } from '../gateway/read-own.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const listDeadLetters = handler('listDeadLetters', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: { items: deadLetters(await readOwn(platform, deployment, 'dead-letters')) } };
});
