import type { Role } from '#contract/resources/role.ts';
import { handler } from '../middleware/call.ts';
import { forgetGrants } from '../middleware/load-grants.ts';
import { existingRole, refuseBuiltIn } from './built-in-roles.ts';
import { checkRevision, commitChange } from './changes.ts';
import { checkGiving } from './giving.ts';

export const updateRole = handler('updateRole', async ({ platform, params, body, access, ifMatch }) => {
  const { stores, now } = platform;
  refuseBuiltIn(params.role, 'change');
  const before = await existingRole(platform, params.role);
  const what = `role "${before.name}"`;
  checkRevision(what, before, ifMatch);
  const permissions = body.permissions ?? before.permissions;
  const given = { role: null, permissions, namespace: null, deployment: null };
  await checkGiving(platform, access, given, `change ${what}`);
  const role: Role = {
    ...before,
    description: body.description ?? before.description,
    permissions,
    modifiedAt: now().toISOString(),
    revision: before.revision + 1,
  };
  await commitChange(stores, what, [stores.roles.replaced(role)]);
  forgetGrants();
  return { body: role, revision: role.revision };
});
