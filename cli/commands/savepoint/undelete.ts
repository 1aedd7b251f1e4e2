import type { Command } from '../../command.ts';
import { savepointFields } from './get.ts';

export const undeleteSavepoint: Command = {
  path: ['savepoint', 'undelete'],
  summary: 'bring a savepoint back from the trash',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('undeleteSavepoint', { params });
    say(`Savepoint ${body.id} is back from the trash`);
    return { body, view: { kind: 'record', fields: savepointFields(body) } };
  },
};
