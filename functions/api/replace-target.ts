import { handler } from '../middleware/call.ts';
import { changeTarget } from './change-target.ts';

export const replaceTarget = handler('replaceTarget', ({ platform, params, query, body, access, ifMatch }) =>
  changeTarget(platform, params.target, {
    ifMatch,
    dryRun: query.dryRun,
    actor: access.actor,
    wanted: () => body,
  }),
);
