import type { Webhook } from '#contract/resources/webhook.ts';
import type { View } from '../../output/view.ts';

export function webhookView(webhook: Webhook): View {
  const { status } = webhook;
  return {
    kind: 'record',
    fields: [
      ['Name', webhook.name],
      ['Address', webhook.url],
      ['Events', webhook.events.join(', ') || 'all'],
      ['Deployments', webhook.deployments.join(', ') || 'all'],
      ...(webhook.labels.length > 0 ? [['Labels', webhook.labels.join(', ')] as const] : []),
      ['State', status.state],
      ['Delivered', status.lastDeliveredAt ?? '-'],
      ...(status.lastError === null
        ? []
        : [['Last error', `${status.lastFailedAt}: ${status.lastError}`] as const]),
      ['Created', `${webhook.createdAt} by ${webhook.createdBy}`],
      ['Revision', String(webhook.revision)],
    ],
  };
}
