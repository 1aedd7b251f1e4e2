import { handler } from '../middleware/call.ts';
import { requestVerb } from '../operations/request-verb.ts';
import { verbReply } from './verb-reply.ts';

export const upgradeDeployment = handler(
  'upgradeDeployment',
  async ({ platform, params, query, body, access, idempotencyKey, ifMatch }) =>
    verbReply(
      await requestVerb(platform, {
        ...params,
        ...query,
        verb: 'upgrade',
        change: { version: body.version, spec: body.spec, reason: body.reason },
        gate: body.gate,
        acceptStateLoss: body.acceptStateLoss,
        description: body.reason,
        actor: access.actor,
        idempotencyKey,
        ifMatch,
      }),
    ),
);
