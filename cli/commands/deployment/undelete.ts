import type { Command } from '../../command.ts';
import { deploymentView } from './view.ts';

export const undeleteDeployment: Command = {
  path: ['deployment', 'undelete'],
  summary: 'bring a deleted deployment back, with its history and its savepoints',
  arguments: [{ name: 'deployment', about: 'its name' }],
  examples: ['deployment list --deleted', 'deployment undelete payments-test'],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('undeleteDeployment', { params });
    return { body, view: deploymentView(body) };
  },
};
