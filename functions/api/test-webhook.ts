import { newEvent } from '../control/new-event.ts';
import { deliver } from '../events/deliver-events.ts';
import { handler } from '../middleware/call.ts';
import { webhookNamed } from './webhook-named.ts';

/** Of no deployment: a receiver that looks for one by this id finds none. */
const NO_DEPLOYMENT = '0'.repeat(26);

export const testWebhook = handler('testWebhook', async ({ platform, params, access }) => {
  const webhook = await webhookNamed(platform, params);
  const event = newEvent(
    {
      id: platform.newId(),
      at: platform.now().toISOString(),
      actor: access.actor,
      namespace: webhook.namespace,
      deployment: 'test',
      deploymentId: NO_DEPLOYMENT,
    },
    { name: webhook.events[0] ?? 'state-changed', message: `A test of webhook "${webhook.name}".` },
  );
  return { body: await deliver(platform, webhook, { event, attempt: 1, isTest: true }) };
});
