import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { manyFlags, runMany } from '../../many-verbs.ts';

export const suspendDeployment: Command = {
  path: ['deployment', 'suspend'],
  summary: 'take a savepoint, then end the job; a start goes on exactly there',
  arguments: [{ name: 'deployment', about: 'its name; left out with --label', optional: true }],
  flags: {
    description: { type: 'string', about: 'kept with the savepoint' },
    ...manyFlags,
    ...verbFlags,
  },
  examples: [
    'deployment suspend payments-production --wait',
    'deployment suspend payments-production --dry-run',
    'deployment suspend --label team=payments',
  ],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    if (args['deployment'] === undefined) return runMany(invocation, 'suspend');
    const answer = await (
      await client()
    ).get('suspendDeployment', {
      params: { namespace, deployment: args['deployment'] },
      body: typeof flags['description'] === 'string' ? { description: flags['description'] } : {},
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
