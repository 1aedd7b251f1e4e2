import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const migrateDeployment = handler(
  'migrateDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'migrate',
        change: { target: body.target, reason: body.reason },
        description: body.reason,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
