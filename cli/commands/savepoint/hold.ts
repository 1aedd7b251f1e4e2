import type { Command } from '../../command.ts';
import { savepointFields } from './get.ts';

export const holdSavepoint: Command = {
  path: ['savepoint', 'hold'],
  summary: 'hold a savepoint: nobody and no rule deletes it until it is released',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  flags: { reason: { type: 'string', about: 'why; shown to whoever wants to delete it' } },
  examples: ['savepoint hold payments-production 01J… --reason "audit 2026"'],
  async run({ client, namespace, args, flags, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const reason = typeof flags['reason'] === 'string' ? flags['reason'] : '';
    const body = await (await client()).get('holdSavepoint', { params, body: { reason } });
    say(`Savepoint ${body.id} is held`);
    return { body, view: { kind: 'record', fields: savepointFields(body) } };
  },
};
