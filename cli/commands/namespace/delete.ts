import type { Command } from '../../command.ts';

export const deleteNamespace: Command = {
  path: ['namespace', 'delete'],
  summary: 'delete an empty namespace, with its tokens and role bindings',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, args }) {
    const params = { namespace: args['name'] ?? '' };
    const body = await (await client()).get('deleteNamespace', { params });
    return { body, view: { kind: 'text', text: `Namespace "${body.name}" is deleted.` } };
  },
};
