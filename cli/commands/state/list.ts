import type { Command } from '../../command.ts';

export const listState: Command = {
  path: ['state', 'list'],
  summary: 'list what the operators of a running deployment remember',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  examples: ['state list payments-production'],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('listState', { params });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['operator', 'state', 'kind', 'keys', 'entries'],
        rows: body.states.map(({ operator, state, kind, keyKind, entries }) => [
          operator,
          state,
          kind,
          keyKind ?? '-',
          String(entries),
        ]),
        empty: 'The application keeps no state.',
      },
    };
  },
};
