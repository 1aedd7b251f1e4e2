import type { Command } from '../../command.ts';
import { versionFlag, versionFor } from '../deployment/version-flag.ts';

export const savepointCompatibility: Command = {
  path: ['savepoint', 'compatibility'],
  summary: 'tell whether a version of the application can begin from a savepoint',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  flags: {
    version: { ...versionFlag, about: 'number or tag of the version; that of the deployment when left out' },
  },
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const version = await versionFor(invocation, params.deployment);
    const query = version === undefined ? {} : { version };
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
