import { handler } from '../middleware/call.ts';
import { webhookNamed } from './webhook-named.ts';

export const listWebhookDeliveries = handler('listWebhookDeliveries', async ({ platform, params, query }) => {
  const { id } = await webhookNamed(platform, params);
  return { body: await platform.stores.webhooks.deliveries(id, query) };
});
