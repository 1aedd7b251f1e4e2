import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';

export const suspendDeployment: Command = {
  path: ['deployment', 'suspend'],
  summary: 'take a savepoint, then end the job; a start goes on exactly there',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: {
    description: { type: 'string', about: 'kept with the savepoint' },
    ...verbFlags,
  },
  examples: [
    'deployment suspend payments-production --wait',
    'deployment suspend payments-production --dry-run',
  ],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    const answer = await (
      await client()
    ).get('suspendDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: typeof flags['description'] === 'string' ? { description: flags['description'] } : {},
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
