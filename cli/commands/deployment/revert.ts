import type { Command } from '../../command.ts';
import { revisionNumber } from './revision-number.ts';
import { deploymentView } from './view.ts';

export const revertDeployment: Command = {
  path: ['deployment', 'revert'],
  summary: 'let a deployment state again what a revision stated',
  arguments: [
    { name: 'deployment', about: 'its name' },
    { name: 'revision', about: 'number of the revision' },
  ],
  flags: { reason: { type: 'string', about: 'why, kept with the new revision' } },
  examples: ['deployment revert payments-production 3'],
  async run({ client, namespace, args, flags }) {
    const params = {
      namespace,
      deployment: args['deployment'] ?? '',
      revision: revisionNumber(args['revision']),
    };
    const query = typeof flags['reason'] === 'string' ? { reason: flags['reason'] } : {};
    const body = await (await client()).get('revertDeployment', { params, query });
    return { body, view: deploymentView(body) };
  },
};
