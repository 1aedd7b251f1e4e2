import type { Command } from '../../command.ts';
import { webhookView } from './view.ts';

export const enableWebhook: Command = {
  path: ['webhook', 'enable'],
  summary: 'tell a disabled webhook again, of what happens from now on',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, webhook: args['name'] ?? '' };
    const api = await client();
    const { revision } = await api.get('getWebhook', { params });
    const body = await api.get('updateWebhook', {
      params,
      body: { enabled: true },
      ifMatch: `"${revision}"`,
    });
    return { body, view: webhookView(body) };
  },
};
