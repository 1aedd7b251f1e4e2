import type { Command } from '../../command.ts';
import { webhookView } from './view.ts';

export const deleteWebhook: Command = {
  path: ['webhook', 'delete'],
  summary: 'delete a webhook; what was not delivered yet never will be',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, webhook: args['name'] ?? '' };
    const body = await (await client()).get('deleteWebhook', { params });
    return { body, view: webhookView(body) };
  },
};
