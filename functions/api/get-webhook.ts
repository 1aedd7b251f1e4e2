import { handler } from '../middleware/call.ts';
import { shownWebhook, webhookNamed } from './webhook-named.ts';

export const getWebhook = handler('getWebhook', async ({ platform, params }) => {
  const webhook = await webhookNamed(platform, params);
  return { body: await shownWebhook(platform, webhook), revision: webhook.revision };
});
