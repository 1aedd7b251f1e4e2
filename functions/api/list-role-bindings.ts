import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';

export const listRoleBindings = handler('listRoleBindings', async ({ platform, query, access }) => {
  demand(access, 'access:read', query, 'list role bindings');
  return { body: await platform.stores.roleBindings.list(query.namespace ?? null, query) };
});
