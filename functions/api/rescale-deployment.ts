import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const rescaleDeployment = handler(
  'rescaleDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'rescale',
        parallelism: body.parallelism,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
