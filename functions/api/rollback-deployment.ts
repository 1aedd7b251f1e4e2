import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const rollbackDeployment = handler(
  'rollbackDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'rollback',
        change: { revision: body.to ?? 'previous', reason: body.reason },
        restoreStrategy: body.restoreStrategy,
        acceptStateLoss: body.acceptStateLoss,
        description: body.reason,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
