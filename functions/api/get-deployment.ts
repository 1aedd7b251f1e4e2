import { createHash } from 'node:crypto';
import type { Deployment } from '#contract/resources/deployment.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const getDeployment = handler('getDeployment', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  return { body: deployment, revision: deployment.revision, variant: inheritance(deployment) };
});

/** What is inherited changes without a revision of the deployment; nothing where all is its own. */
function inheritance({ spec, origins, status: { conditions } }: Deployment): string | undefined {
  const isInherited = Object.values(origins).some((level) => level !== 'deployment');
  if (!isInherited && !conditions.some(({ type }) => type === 'spec-invalid')) return undefined;
  const text = JSON.stringify([spec, origins, conditions]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
