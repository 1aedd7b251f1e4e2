import type { Command } from '../../command.ts';
import { savepointFields } from './get.ts';

export const purgeSavepoint: Command = {
  path: ['savepoint', 'purge'],
  summary: 'remove a savepoint for good, with all data that nothing else refers to',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('deleteSavepoint', { params, query: { purge: 'true' } });
    say(`Removed savepoint ${body.id} for good`);
    return { body, view: { kind: 'record', fields: savepointFields(body) } };
  },
};
