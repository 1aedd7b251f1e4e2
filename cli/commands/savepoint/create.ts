import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';

export const createSavepoint: Command = {
  path: ['savepoint', 'create'],
  summary: 'take a savepoint while the stream flows on',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  flags: { description: { type: 'string', about: 'kept with the savepoint' }, ...verbFlags },
  examples: ['savepoint create payments-production --description "before the sale" --wait'],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    const answer = await (
      await client()
    ).get('createSavepoint', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: typeof flags['description'] === 'string' ? { description: flags['description'] } : {},
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
