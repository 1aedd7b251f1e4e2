import { startTimeProblem } from '../control/check-ends.ts';
import { handler } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';
import { deploymentNamed, requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const startDeployment = handler(
  'startDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) => {
    if (body.startAt !== undefined) await checkStart(platform, params, body.startAt);
    return verbReply(
      await requestVerb(platform, {
        ...params,
        verb: 'start',
        restoreStrategy: body.restoreStrategy,
        startAt: body.startAt,
        actor: access.actor,
        dryRun: query.dryRun,
        whenBusy: query.whenBusy,
        idempotencyKey,
        ifMatch,
      }),
    );
  },
);

async function checkStart(
  platform: Platform,
  params: { readonly namespace: string; readonly deployment: string },
  startAt: string,
): Promise<void> {
  const { name, namespace, spec } = await deploymentNamed(platform, params.namespace, params.deployment);
  const version = await platform.stores.versions.get(namespace, spec.application, spec.version);
  const problem = startTimeProblem(`start deployment "${name}"`, startAt, version?.graph);
  if (problem !== undefined) throw problem;
}
