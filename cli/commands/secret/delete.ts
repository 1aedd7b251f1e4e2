import type { Command } from '../../command.ts';
import { secretView } from './view.ts';

export const deleteSecret: Command = {
  path: ['secret', 'delete'],
  summary: 'delete a secret that no deployment uses',
  arguments: [{ name: 'secret', about: 'its name' }],
  examples: ['secret delete old-password'],
  async run({ client, namespace, args }) {
    const params = { namespace, secret: args['secret'] ?? '' };
    const body = await (await client()).get('deleteSecret', { params });
    return { body, view: secretView(body) };
  },
};
