import { handler } from '../middleware/call.ts';
import { forgetGrants } from '../middleware/load-grants.ts';
import { existingRole, refuseBuiltIn } from './built-in-roles.ts';

export const deleteRole = handler('deleteRole', async ({ platform, params }) => {
  refuseBuiltIn(params.role, 'delete');
  const role = await existingRole(platform, params.role);
  await platform.stores.commit([platform.stores.roles.removed(role.name)]);
  forgetGrants();
  return { body: role };
});
