import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';
import { shownWebhook } from './webhook-named.ts';

export const listWebhooks = handler('listWebhooks', async ({ platform, params, query }) => {
  await existingNamespace(platform, params.namespace);
  const page = await platform.stores.webhooks.list(params.namespace, query);
  const items = await Promise.all(page.items.map((webhook) => shownWebhook(platform, webhook)));
  return { body: { items, next: page.next } };
});
