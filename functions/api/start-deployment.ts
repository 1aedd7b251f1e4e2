import { handler } from '../middleware/call.ts';
import { requestVerb } from '../steps/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const startDeployment = handler(
  'startDeployment',
  async ({ platform, params, query, body, access, idempotencyKey }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        verb: 'start',
        restoreStrategy: body.restoreStrategy,
        actor: access.actor,
        dryRun: query.dryRun,
        whenBusy: query.whenBusy,
        idempotencyKey,
      }),
    ),
);
