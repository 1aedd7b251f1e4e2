import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { changeDeployment } from './change-deployment.ts';
import { checkRevision } from './changes.ts';

export const replaceDeployment = handler(
  'replaceDeployment',
  async ({ platform, params, query, body, access, ifMatch }) => {
    const before = await deploymentNamed(platform, params.namespace, params.deployment);
    checkRevision(`deployment "${before.name}"`, before, ifMatch);
    const { name, labels, annotations, spec } = body;
    if (name !== before.name) {
      const message = `Cannot rename deployment "${before.name}" to "${name}": names stay; create another deployment`;
      throw new Problem('invalid-request', message, {
        errors: [{ pointer: '/name', message: `must be "${before.name}"` }],
      });
    }
    const wanted = { labels, annotations, stated: spec };
    const author = { actor: access.actor, reason: query.reason, acceptStateLoss: query.acceptStateLoss };
    const deployment = await changeDeployment(platform, before, wanted, author);
    return { body: deployment, revision: deployment.revision };
  },
);
