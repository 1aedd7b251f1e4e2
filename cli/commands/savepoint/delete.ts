import type { Command } from '../../command.ts';
import { savepointFields } from './get.ts';

export const deleteSavepoint: Command = {
  path: ['savepoint', 'delete'],
  summary: 'move a savepoint to the trash, from where it can be brought back for a week',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('deleteSavepoint', { params });
    say(
      `Deleted savepoint ${body.id}; until ${body.deletion?.purgeAt ?? 'now'}: headwater savepoint undelete`,
    );
    return { body, view: { kind: 'record', fields: savepointFields(body) } };
  },
};
