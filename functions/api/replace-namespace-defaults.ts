import { handler } from '../middleware/call.ts';
import { changeDefaults } from './change-defaults.ts';
import { existingNamespace } from './existing.ts';

export const replaceNamespaceDefaults = handler(
  'replaceNamespaceDefaults',
  async ({ platform, params, query, body, access, ifMatch }) => {
    const { name } = await existingNamespace(platform, params.namespace);
    const settings = () => body.settings;
    return changeDefaults(platform, name, { ...query, ifMatch, actor: access.actor, settings });
  },
);
