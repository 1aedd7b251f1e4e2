import type { Command } from '../../command.ts';
import { targetView } from './view.ts';

export const deleteTarget: Command = {
  path: ['target', 'delete'],
  summary: 'delete a deployment target that no deployment names',
  arguments: [{ name: 'target', about: 'its name' }],
  examples: ['target delete qa'],
  async run({ client, args }) {
    const body = await (await client()).get('deleteTarget', { params: { target: args['target'] ?? '' } });
    return { body, view: targetView(body) };
  },
};
