import type { Command } from '../../command.ts';

export const webhookDeliveries: Command = {
  path: ['webhook', 'deliveries'],
  summary: 'list the last tries to deliver events to a webhook',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, webhook: args['name'] ?? '' };
    const body = await (await client()).get('listWebhookDeliveries', { params });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['at', 'deployment', 'event', 'attempt', 'status', 'error'],
        rows: body.items.map((delivery) => [
          delivery.at,
          delivery.deployment,
          delivery.eventName,
          String(delivery.attempt),
          delivery.responseStatus === null ? '-' : String(delivery.responseStatus),
          delivery.error ?? '-',
        ]),
        empty: 'Nothing was delivered in the last week.',
      },
    };
  },
};
