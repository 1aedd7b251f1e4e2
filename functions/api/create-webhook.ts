import { handler } from '../middleware/call.ts';
import type { StoredWebhook } from '../stores/webhooks.ts';
import { commitCreation } from './changes.ts';
import { existingNamespace } from './existing.ts';
import { shownWebhook } from './webhook-named.ts';

export const createWebhook = handler('createWebhook', async ({ platform, params, body, access }) => {
  const { namespace } = params;
  await existingNamespace(platform, namespace);
  const at = platform.now().toISOString();
  const webhook: StoredWebhook = {
    ...body,
    id: platform.newId(),
    namespace,
    since: at,
    createdAt: at,
    createdBy: access.actor,
    modifiedAt: at,
    revision: 1,
  };
  await commitCreation(platform.stores, { resource: 'webhook', name: body.name, namespace }, [
    platform.stores.webhooks.created(webhook),
  ]);
  return { body: await shownWebhook(platform, webhook), revision: 1 };
});
