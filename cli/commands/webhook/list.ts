import type { Command } from '../../command.ts';

export const listWebhooks: Command = {
  path: ['webhook', 'list'],
  summary: 'list the webhooks of the namespace',
  async run({ client, namespace }) {
    const page = await (await client()).get('listWebhooks', { params: { namespace }, query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['name', 'state', 'delivered', 'url', 'last error'],
        rows: page.items.map(({ name, url, status }) => [
          name,
          status.state,
          status.lastDeliveredAt ?? '-',
          url,
          status.state === 'failing' || status.state === 'disabled' ? (status.lastError ?? '-') : '-',
        ]),
        empty: 'No webhooks yet.',
      },
    };
  },
};
