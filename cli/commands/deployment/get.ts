import type { Command } from '../../command.ts';
import { deploymentView } from './view.ts';

export const getDeployment: Command = {
  path: ['deployment', 'get'],
  summary: 'show one deployment',
  arguments: [{ name: 'deployment', about: 'its name' }],
  examples: ['deployment get payments-production -o yaml'],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('getDeployment', { params });
    return { body, view: deploymentView(body) };
  },
};
