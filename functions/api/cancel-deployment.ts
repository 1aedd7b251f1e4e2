import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const cancelDeployment = handler(
  'cancelDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        verb: 'cancel',
        acceptStateLoss: body.acceptStateLoss,
        actor: access.actor,
        dryRun: query.dryRun,
        whenBusy: query.whenBusy,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
