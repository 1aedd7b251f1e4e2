import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const createSavepoint = handler(
  'createSavepoint',
  async ({ platform, params, query, body, access, idempotencyKey }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        verb: 'savepoint',
        description: body.description,
        actor: access.actor,
        dryRun: query.dryRun,
        whenBusy: query.whenBusy,
        idempotencyKey,
      }),
    ),
);
