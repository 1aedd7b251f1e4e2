import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const resetDeployment = handler(
  'resetDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'reset',
        restoreStrategy: { kind: 'savepoint', savepointId: body.savepointId },
        description: body.reason,
        acceptStateLoss: body.acceptStateLoss,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
