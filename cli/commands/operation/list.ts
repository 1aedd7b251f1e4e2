import type { Command } from '../../command.ts';

export const listOperations: Command = {
  path: ['operation', 'list'],
  summary: 'list the operations of a deployment',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const page = await (await client()).get('listOperations', { params, query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['created', 'id', 'kind', 'state', 'actor', 'problem'],
        rows: page.items.map(({ createdAt, id, kind, state, actor, problem }) => [
          createdAt,
          id,
          kind,
          state,
          actor,
          problem?.detail ?? '',
        ]),
        empty: 'No operations yet.',
      },
    };
  },
};
