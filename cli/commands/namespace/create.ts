import type { Command } from '../../command.ts';

export const createNamespace: Command = {
  path: ['namespace', 'create'],
  summary: 'create a namespace',
  arguments: [{ name: 'name', about: 'its name' }],
  flags: { description: { type: 'string', about: 'what it is for' } },
  async run({ client, args, flags }) {
    const description = typeof flags['description'] === 'string' ? flags['description'] : '';
    const body = await (
      await client()
    ).get('createNamespace', { body: { name: args['name'] ?? '', description } });
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Name', body.name],
          ['Created', body.createdAt],
        ],
      },
    };
  },
};
