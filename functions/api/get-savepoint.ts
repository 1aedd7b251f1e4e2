import { Problem } from '#contract/problems.ts';
import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../steps/request-verb.ts';

export const getSavepoint = handler('getSavepoint', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const savepoint = await platform.stores.savepoints.get(deployment.id, params.savepoint);
  if (savepoint === undefined) {
    const message = `Cannot find savepoint "${params.savepoint}": deployment "${deployment.name}" has none of this id`;
    throw new Problem('not-found', message);
  }
  return { body: Savepoint.parse(savepoint) };
});
