import { handler } from '../middleware/call.ts';
import { deploymentNamed, requestVerb } from '../operations/request-verb.ts';
import { refuseWhileOneIsHeld } from '../savepoints/trash-savepoint.ts';
import { verbReply } from './verb-reply.ts';

export const deleteDeployment = handler(
  'deleteDeployment',
  async ({ platform, params, query, access, idempotencyKey }) => {
    const deletion = { savepoints: query.savepoints, purge: query.purge === 'true' };
    // What a purge takes away is asked for anew, also where the deployment lies in the trash already.
    const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
    if (deletion.purge) await refuseWhileOneIsHeld(platform, deployment);
    return verbReply(
      await requestVerb(platform, {
        ...params,
        verb: 'delete',
        deletion,
        acceptStateLoss: query.acceptStateLoss === 'true',
        dryRun: query.dryRun,
        whenBusy: query.whenBusy,
        actor: access.actor,
        idempotencyKey,
      }),
    );
  },
);
