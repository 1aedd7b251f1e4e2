import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { manyFlags, runMany } from '../../many-verbs.ts';

export const cancelDeployment: Command = {
  path: ['deployment', 'cancel'],
  summary: 'end the job without a savepoint; newer state is given up',
  arguments: [{ name: 'deployment', about: 'its name; left out with --label', optional: true }],
  flags: {
    'accept-state-loss': { type: 'boolean', about: 'needed when the deployment is protected' },
    ...manyFlags,
    ...verbFlags,
  },
  examples: [
    'deployment cancel payments-production --wait',
    'deployment cancel payments-production --dry-run',
  ],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    if (args['deployment'] === undefined) return runMany(invocation, 'cancel');
    const answer = await (
      await client()
    ).get('cancelDeployment', {
      params: { namespace, deployment: args['deployment'] },
      body: { acceptStateLoss: flags['accept-state-loss'] === true },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
