import { mayAccess } from '../control/decide-access.ts';
import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';

export const listDeployments = handler('listDeployments', async ({ platform, params, query, access }) => {
  await existingNamespace(platform, params.namespace);
  const request = { ...query, deleted: query.deleted === 'true' };
  const page = await platform.stores.deployments.list(params.namespace, request);
  const items = page.items.filter(({ namespace, name }) =>
    mayAccess(access.grants, 'deployments:read', { namespace, deployment: name }),
  );
  return { body: { items, next: page.next } };
});
