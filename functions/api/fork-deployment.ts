import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { beginFork } from '../operations/begin-fork.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { existingNamespace } from './existing.ts';
import { verbReply } from './verb-reply.ts';

/** The operation is one of the new deployment. */
export const forkDeployment = handler(
  'forkDeployment',
  async ({ platform, params, query, body, access, idempotencyKey }) => {
    const parent = await deploymentNamed(platform, params.namespace, params.deployment);
    const namespace = body.namespace ?? params.namespace;
    checkEnd(body.expiresAt, platform.now());
    const act = `fork "${parent.name}" as "${body.name}"`;
    demand(access, 'deployments:write', { namespace, deployment: body.name }, act);
    if (namespace !== params.namespace) {
      await existingNamespace(platform, namespace);
      demand(access, 'savepoints:export', { ...params }, act);
      demand(access, 'applications:write', { namespace }, act);
    }
    const fork = { parent, input: body, actor: access.actor, idempotencyKey, dryRun: query.dryRun };
    return verbReply(await beginFork(platform, fork));
  },
);

/** A fork whose end has passed would be cancelled as soon as it runs. */
function checkEnd(expiresAt: string | undefined, now: Date): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > now.getTime()) return;
  const message = `must lie after ${now.toISOString()}`;
  throw new Problem('invalid-request', `Cannot accept the request: /expiresAt ${message}`, {
    errors: [{ pointer: '/expiresAt', message }],
  });
}
