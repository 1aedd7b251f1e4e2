import { handler } from '../middleware/call.ts';
import { builtIn } from './built-in-roles.ts';

export const listRoles = handler('listRoles', async ({ platform }) => ({
  body: { items: [...builtIn, ...(await platform.stores.roles.all())] },
}));
