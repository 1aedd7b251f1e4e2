import type { Command } from '../../command.ts';
import { savepointFields } from './get.ts';

export const releaseSavepoint: Command = {
  path: ['savepoint', 'release'],
  summary: 'release a savepoint that was held',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('releaseSavepoint', { params });
    say(`Savepoint ${body.id} may be deleted again`);
    return { body, view: { kind: 'record', fields: savepointFields(body) } };
  },
};
