import { handler } from '../middleware/call.ts';
import { commitChange } from './changes.ts';
import { shownWebhook, webhookNamed } from './webhook-named.ts';

/** What it leaves besides is found by its id alone, which no other webhook will ever have. */
export const deleteWebhook = handler('deleteWebhook', async ({ platform, params }) => {
  const webhook = await webhookNamed(platform, params);
  const body = await shownWebhook(platform, webhook);
  const { stores } = platform;
  await commitChange(stores, `webhook "${webhook.name}"`, [stores.webhooks.removed(webhook)]);
  return { body };
});
