import type { Role } from '#contract/resources/role.ts';
import { handler } from '../middleware/call.ts';
import { forgetGrants } from '../middleware/load-grants.ts';
import { commitCreation } from './changes.ts';
import { checkGiving } from './giving.ts';

export const createRole = handler('createRole', async ({ platform, body, access }) => {
  const { stores, now } = platform;
  const given = { role: null, permissions: body.permissions, namespace: null, deployment: null };
  await checkGiving(platform, access, given, `create role "${body.name}"`);
  const at = now().toISOString();
  const role: Role = { ...body, builtIn: false, createdAt: at, modifiedAt: at, revision: 1 };
  await commitCreation(stores, { resource: 'role', name: role.name }, [stores.roles.created(role)]);
  forgetGrants();
  return { body: role, revision: 1 };
});
