import { Annotations, Labels } from '#contract/resources/metadata.ts';
import { StatedSpec } from '#contract/resources/deployment.ts';
import { mergePatch } from '../control/merge-patch.ts';
import { handler } from '../middleware/call.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { changeDeployment } from './change-deployment.ts';
import { checkRevision } from './changes.ts';

export const updateDeployment = handler(
  'updateDeployment',
  async ({ platform, params, query, body, access, ifMatch }) => {
    const before = await deploymentNamed(platform, params.namespace, params.deployment);
    checkRevision(`deployment "${before.name}"`, before, ifMatch);
    const wanted = {
      labels: parsePart(Labels, mergePatch(before.labels, body.labels ?? {}), '/labels'),
      annotations: parsePart(
        Annotations,
        mergePatch(before.annotations, body.annotations ?? {}),
        '/annotations',
      ),
      stated: parsePart(StatedSpec, mergePatch(before.stated, body.spec ?? {}), '/spec'),
    };
    const author = { actor: access.actor, reason: query.reason, acceptStateLoss: query.acceptStateLoss };
    const deployment = await changeDeployment(platform, before, wanted, author);
    return { body: deployment, revision: deployment.revision };
  },
);
