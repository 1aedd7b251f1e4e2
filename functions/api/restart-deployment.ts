import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const restartDeployment = handler(
  'restartDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'restart',
        description: body.reason,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
