import type { RoleBinding } from '#contract/resources/role-binding.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { forgetGrants } from '../middleware/load-grants.ts';
import { roleBindingId } from '../stores/role-bindings.ts';
import { commitCreation } from './changes.ts';
import { checkGiving } from './giving.ts';

export const createRoleBinding = handler('createRoleBinding', async ({ platform, body, access }) => {
  const { stores, now } = platform;
  const act = `give role "${body.role}" to ${body.member}`;
  demand(access, 'access:write', { namespace: body.namespace ?? undefined }, act);
  await checkGiving(platform, access, { ...body, permissions: [] }, act);
  const binding: RoleBinding = {
    ...body,
    id: roleBindingId(body),
    createdAt: now().toISOString(),
    createdBy: access.actor,
  };
  await commitCreation(stores, { resource: 'role-binding', name: `${body.role} of ${body.member}` }, [
    stores.roleBindings.created(binding),
  ]);
  forgetGrants();
  return { body: binding };
});
