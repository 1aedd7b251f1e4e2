import { StatePage } from '#contract/resources/state.ts';
import { askForState } from '../gateway/ask-for-state.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const readState = handler('readState', async ({ platform, params, query }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const { key, mapKey, limit, cursor } = query;
  const search = new URLSearchParams({
    limit: String(limit),
    ...(key === undefined ? {} : { key }),
    ...(mapKey === undefined ? {} : { mapKey }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const place = [params.operator, params.state].map((name) => encodeURIComponent(name)).join('/');
  return { body: StatePage.parse(await askForState(platform, deployment, `/${place}?${search}`)) };
});
