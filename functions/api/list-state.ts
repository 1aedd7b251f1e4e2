import { StateList } from '#contract/resources/state.ts';
import { askForState } from '../gateway/ask-for-state.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const listState = handler('listState', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: StateList.parse(await askForState(platform, deployment, '')) };
});
