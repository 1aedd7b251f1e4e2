import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { deploymentNamed, requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

/** An upgrade of the deployment that the body names: the operation is one of that deployment. */
export const promoteDeployment = handler(
  'promoteDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) => {
    const { namespace } = params;
    const from = await deploymentNamed(platform, namespace, params.deployment);
    const to = await deploymentNamed(platform, namespace, body.to);
    const act = `promote deployment "${from.name}" to "${to.name}"`;
    demand(access, 'deployments:write', { namespace, deployment: to.name }, act);
    refuseOthers(from, to);
    const job = await platform.stores.jobs.latest(from.id);
    const version =
      from.status.state === 'running' && job !== undefined ? job.spec.version : from.spec.version;
    const reason = body.reason === '' ? `Promoted from "${from.name}".` : body.reason;
    return verbReply(
      await requestVerb(platform, {
        ...query,
        namespace,
        deployment: to.name,
        verb: 'upgrade',
        change: { version, reason },
        description: reason,
        gate: body.gate,
        acceptStateLoss: body.acceptStateLoss,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    );
  },
);

function refuseOthers(from: Deployment, to: Deployment): void {
  const what = `Cannot promote deployment "${from.name}" to "${to.name}"`;
  if (from.id === to.id) throw refused(`${what}: it is the same one; name another`, 'must be another');
  const { application } = to.spec;
  if (application === from.spec.application) return;
  throw refused(
    `${what}: it runs application "${application}", not "${from.spec.application}"; promote between deployments of one application`,
    `must be a deployment of "${from.spec.application}"`,
  );
}

function refused(message: string, fault: string): Problem {
  return new Problem('invalid-request', message, { errors: [{ pointer: '/to', message: fault }] });
}
