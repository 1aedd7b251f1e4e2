import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { acceptanceOf, gateFlags, gateOf, lossFlag, reasonFlag, reasonOf } from './replacement-flags.ts';

export const promoteDeployment: Command = {
  path: ['deployment', 'promote'],
  summary: 'upgrade another deployment of the application to the version that runs here',
  arguments: [
    { name: 'deployment', about: 'the one whose version is taken' },
    { name: 'to', about: 'the one that gets it' },
  ],
  flags: { ...gateFlags, ...reasonFlag, ...lossFlag, ...verbFlags },
  examples: ['deployment promote payments-staging payments-production --wait'],
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const answer = await (
      await client()
    ).get('promoteDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: {
        to: args['to'] ?? '',
        ...gateOf(invocation),
        ...reasonOf(invocation),
        ...acceptanceOf(invocation),
      },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
