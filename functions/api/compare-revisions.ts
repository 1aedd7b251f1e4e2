import { differences } from '#contract/differences.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { existingRevision } from './existing-revision.ts';

export const compareRevisions = handler('compareRevisions', async ({ platform, params, query }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const [from, to] = await Promise.all([
    existingRevision(platform, deployment, params.revision),
    existingRevision(platform, deployment, query.with ?? deployment.specRevision),
  ]);
  const changes = differences(from.stated, to.stated);
  return { body: { from: from.number, to: to.number, changes } };
});
