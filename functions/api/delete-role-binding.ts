import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { forgetGrants } from '../middleware/load-grants.ts';

export const deleteRoleBinding = handler('deleteRoleBinding', async ({ platform, params, query, access }) => {
  const { stores } = platform;
  demand(access, 'access:write', query, `take role binding "${params.binding}" away`);
  const bindings = await stores.roleBindings.all(query.namespace ?? null);
  const binding = bindings.find(({ id }) => id === params.binding);
  if (binding === undefined) {
    const where = query.namespace === undefined ? 'the platform' : `namespace "${query.namespace}"`;
    throw new Problem(
      'not-found',
      `Cannot find role binding "${params.binding}": ${where} has none of this id`,
    );
  }
  await stores.commit([stores.roleBindings.removed(binding)]);
  forgetGrants();
  return { body: binding };
});
