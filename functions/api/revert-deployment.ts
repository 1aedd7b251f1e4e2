import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { changeDeployment } from './change-deployment.ts';
import { existingRevision } from './existing-revision.ts';

export const revertDeployment = handler('revertDeployment', async ({ platform, params, query, access }) => {
  const before = await deploymentNamed(platform, params.namespace, params.deployment);
  const { number, stated } = await existingRevision(platform, before, params.revision);
  const { labels, annotations } = before;
  const reason = query.reason === '' ? `Reverted to revision ${number}.` : query.reason;
  const author = { actor: access.actor, reason, acceptStateLoss: query.acceptStateLoss };
  const deployment = await changeDeployment(platform, before, { labels, annotations, stated }, author);
  return { body: deployment, revision: deployment.revision };
});
