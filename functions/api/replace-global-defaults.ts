import { handler } from '../middleware/call.ts';
import { changeDefaults } from './change-defaults.ts';

export const replaceGlobalDefaults = handler(
  'replaceGlobalDefaults',
  ({ platform, query, body, access, ifMatch }) =>
    changeDefaults(platform, null, { ...query, ifMatch, actor: access.actor, settings: () => body.settings }),
);
