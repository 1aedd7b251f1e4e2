import { handler } from '../middleware/call.ts';
import { changeDefaults, patched } from './change-defaults.ts';
import { existingNamespace } from './existing.ts';

export const updateNamespaceDefaults = handler(
  'updateNamespaceDefaults',
  async ({ platform, params, query, body, access, ifMatch }) => {
    const { name } = await existingNamespace(platform, params.namespace);
    return changeDefaults(platform, name, {
      ...query,
      ifMatch,
      actor: access.actor,
      settings: (before) => patched(before, body.settings),
    });
  },
);
