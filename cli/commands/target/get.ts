import type { Command } from '../../command.ts';
import { targetView } from './view.ts';

export const getTarget: Command = {
  path: ['target', 'get'],
  summary: 'show one deployment target',
  arguments: [{ name: 'target', about: 'its name' }],
  examples: ['target get production -o yaml'],
  async run({ client, args }) {
    const body = await (await client()).get('getTarget', { params: { target: args['target'] ?? '' } });
    return { body, view: targetView(body) };
  },
};
