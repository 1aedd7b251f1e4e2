import { handler } from '../middleware/call.ts';
import type { StoredWebhook } from '../stores/webhooks.ts';
import { checkRevision, commitChange } from './changes.ts';
import { shownWebhook, webhookNamed } from './webhook-named.ts';

export const updateWebhook = handler('updateWebhook', async ({ platform, params, body, ifMatch }) => {
  const { stores, now } = platform;
  const before = await webhookNamed(platform, params);
  const what = `webhook "${before.name}"`;
  checkRevision(what, before, ifMatch);
  const at = now().toISOString();
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const isWoken = !before.enabled && body.enabled === true;
  const webhook: StoredWebhook = {
    ...before,
    ...given,
    since: isWoken ? at : before.since,
    modifiedAt: at,
    revision: before.revision + 1,
  };
  const status = await stores.webhooks.status(webhook.id);
  await commitChange(stores, what, [
    stores.webhooks.replaced(webhook),
    ...(isWoken ? [stores.webhooks.statusWritten(webhook.id, { ...status, state: 'idle' })] : []),
  ]);
  return { body: await shownWebhook(platform, webhook), revision: webhook.revision };
});
