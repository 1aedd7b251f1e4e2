import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const drainDeployment = handler(
  'drainDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'drain',
        description: body.description,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
