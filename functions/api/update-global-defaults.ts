import { handler } from '../middleware/call.ts';
import { changeDefaults, patched } from './change-defaults.ts';

export const updateGlobalDefaults = handler(
  'updateGlobalDefaults',
  ({ platform, query, body, access, ifMatch }) =>
    changeDefaults(platform, null, {
      ...query,
      ifMatch,
      actor: access.actor,
      settings: (before) => patched(before, body.settings),
    }),
);
