import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { acceptanceOf, lossFlag, reasonFlag, reasonOf } from './replacement-flags.ts';

export const resetDeployment: Command = {
  path: ['deployment', 'reset'],
  summary: 'begin a new job from a savepoint of the past',
  arguments: [
    { name: 'deployment', about: 'its name' },
    { name: 'savepoint', about: 'id of the savepoint' },
  ],
  flags: { ...reasonFlag, ...lossFlag, ...verbFlags },
  examples: ['deployment reset payments-staging 01ke2x0000000000000000000a --dry-run'],
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const answer = await (
      await client()
    ).get('resetDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: { savepointId: args['savepoint'] ?? '', ...reasonOf(invocation), ...acceptanceOf(invocation) },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
