import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { manyFlags, runMany } from '../../many-verbs.ts';

export const drainDeployment: Command = {
  path: ['deployment', 'drain'],
  summary: 'let all windows and timers fire, then end the job as finished',
  arguments: [{ name: 'deployment', about: 'its name; left out with --label', optional: true }],
  flags: {
    description: { type: 'string', about: 'kept with the savepoint' },
    ...manyFlags,
    ...verbFlags,
  },
  examples: ['deployment drain payments-backfill --wait', 'deployment drain payments-backfill --dry-run'],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    if (args['deployment'] === undefined) return runMany(invocation, 'drain');
    const answer = await (
      await client()
    ).get('drainDeployment', {
      params: { namespace, deployment: args['deployment'] },
      body: typeof flags['description'] === 'string' ? { description: flags['description'] } : {},
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
