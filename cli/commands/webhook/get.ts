import type { Command } from '../../command.ts';
import { webhookView } from './view.ts';

export const getWebhook: Command = {
  path: ['webhook', 'get'],
  summary: 'show a webhook, and how its deliveries went lately',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, webhook: args['name'] ?? '' };
    const body = await (await client()).get('getWebhook', { params });
    return { body, view: webhookView(body) };
  },
};
