import type { Command } from '../../command.ts';
import { namespaceView } from './view.ts';

export const getNamespace: Command = {
  path: ['namespace', 'get'],
  summary: 'show a namespace and its quota',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, args }) {
    const body = await (await client()).get('getNamespace', { params: { namespace: args['name'] ?? '' } });
    return { body, view: namespaceView(body) };
  },
};
