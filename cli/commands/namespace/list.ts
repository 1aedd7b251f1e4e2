import type { Command } from '../../command.ts';

export const listNamespaces: Command = {
  path: ['namespace', 'list'],
  summary: 'list namespaces',
  async run({ client }) {
    const page = await (await client()).get('listNamespaces', { query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['name', 'created', 'description'],
        rows: page.items.map(({ name, createdAt, description }) => [name, createdAt, description]),
        empty: 'No namespaces.',
      },
    };
  },
};
