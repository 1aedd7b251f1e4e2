import { handler } from '../middleware/call.ts';
import { existingRole } from './built-in-roles.ts';

export const getRole = handler('getRole', async ({ platform, params }) => {
  const role = await existingRole(platform, params.role);
  return { body: role, revision: role.revision };
});
