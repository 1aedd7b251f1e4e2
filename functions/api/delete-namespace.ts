import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { forgetGrants } from '../middleware/load-grants.ts';
import { existingNamespace } from './existing.ts';

// DynamoDB's limit of a transaction is 100 writes.
const WRITES_MAX = 100;

export const deleteNamespace = handler('deleteNamespace', async ({ platform, params }) => {
  const { stores } = platform;
  const namespace = await existingNamespace(platform, params.namespace);
  const { name } = namespace;
  if (name === 'default') {
    throw new Problem('not-empty', 'Cannot delete namespace "default": it always exists');
  }
  const contents = await stores.namespaces.contents(name);
  if (contents.length > 0) {
    const shown = contents.map((sortKey) => sortKey.replace('#', ' ')).join(', ');
    throw new Problem('not-empty', `Cannot delete namespace "${name}": it still holds ${shown}`);
  }
  // Whoever makes a namespace of this name again must not let those in who had access to this one.
  const writes = [
    ...(await stores.roleBindings.all(name)).map((binding) => stores.roleBindings.removed(binding)),
    ...(await stores.tokens.all(name)).map(({ id }) => stores.tokens.removed(id)),
    // Nor must its deployments inherit what was set in this one.
    ...(await stores.defaults.removals(name)),
    stores.namespaces.removed(name),
  ];
  for (let at = 0; at < writes.length; at += WRITES_MAX)
    await stores.commit(writes.slice(at, at + WRITES_MAX));
  forgetGrants();
  return { body: namespace };
});
