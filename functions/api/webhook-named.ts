/** Loads a webhook that a path names, and shows it without its secret. */
import { Problem } from '#contract/problems.ts';
import { Webhook, WebhookStatus } from '#contract/resources/webhook.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredWebhook } from '../stores/webhooks.ts';

export async function webhookNamed(
  { stores }: Platform,
  { namespace, webhook }: { readonly namespace: string; readonly webhook: string },
): Promise<StoredWebhook> {
  const found = await stores.webhooks.get(namespace, webhook);
  if (found !== undefined) return found;
  const message = `Cannot find webhook "${webhook}": namespace "${namespace}" has none of this name`;
  throw new Problem('not-found', message);
}

/** As callers see it. */
export async function shownWebhook({ stores }: Platform, webhook: StoredWebhook): Promise<Webhook> {
  const status = WebhookStatus.parse(await stores.webhooks.status(webhook.id));
  // Its own switch decides: whoever has turned it off is not told that it is idle.
  const state = webhook.enabled ? status.state : 'disabled';
  return Webhook.parse({ ...webhook, status: { ...status, state } });
}
