import type { Command } from '../../command.ts';

export const savepointCompatibility: Command = {
  path: ['savepoint', 'compatibility'],
  summary: 'tell whether a version of the application can begin from a savepoint',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  flags: {
    version: { type: 'string', about: 'number of the version; that of the deployment when left out' },
  },
  async run({ client, namespace, args, flags }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const version = flags['version'];
    const query = typeof version === 'string' ? { version: Number(version) } : {};
    const body = await (await client()).get('judgeSavepoint', { params, query });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['operator', 'state', 'compatibility', 'reason', 'remedy'],
        rows: body.states.map(({ operator, state, compatibility, reason, remedy }) => [
          operator,
          state ?? '-',
          compatibility,
          reason,
          remedy ?? '-',
        ]),
        empty: `All of its state is ${body.compatibility}.`,
      },
    };
  },
};
