import { mayAccessWithin } from '../control/decide-access.ts';
import { handler } from '../middleware/call.ts';

export const listNamespaces = handler('listNamespaces', async ({ platform, query, access }) => {
  const page = await platform.stores.namespaces.list(query);
  // A caller does not learn of the others; a page may be short for it, its cursor goes on.
  const items = page.items.filter(({ name }) =>
    mayAccessWithin(access.grants, 'namespaces:read', { namespace: name }),
  );
  return { body: { items, next: page.next } };
});
