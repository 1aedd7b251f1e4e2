import type { Event } from '#contract/resources/event.ts';
import { newEvent } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredWebhook } from '../stores/webhooks.ts';

/** Gives a webhook up to which nothing could be delivered for a day; `event` is the one that waited for so long. */
export async function disableWebhook(
  { stores, now, newId }: Platform,
  webhook: StoredWebhook,
  event: Event,
): Promise<void> {
  const at = now().toISOString();
  const status = await stores.webhooks.status(webhook.id);
  const message = `Webhook "${webhook.name}" was disabled after a day of failed deliveries: ${status.lastError ?? 'nobody answered'}.`;
  const { namespace, deployment, deploymentId } = event;
  const occasion = { id: newId(), at, actor: 'system:webhooks', namespace, deployment, deploymentId };
  try {
    await stores.commit([
      stores.webhooks.replaced({
        ...webhook,
        enabled: false,
        modifiedAt: at,
        revision: webhook.revision + 1,
      }),
      stores.webhooks.statusWritten(webhook.id, { ...status, state: 'disabled' }),
      stores.events.appended(newEvent(occasion, { name: 'webhook-disabled', severity: 'error', message })),
    ]);
  } catch (error) {
    // Somebody changed it in this moment: the next try shows whether that helped.
    if (!(error instanceof WriteConflict)) throw error;
  }
}
