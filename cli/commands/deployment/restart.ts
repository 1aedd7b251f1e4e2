import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { reasonFlag, reasonOf } from './replacement-flags.ts';

export const restartDeployment: Command = {
  path: ['deployment', 'restart'],
  summary: 'begin a new job of what the spec says now, from the state of this moment',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: { ...reasonFlag, ...verbFlags },
  examples: ['deployment restart payments-production --wait'],
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const answer = await (
      await client()
    ).get('restartDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: reasonOf(invocation),
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
