import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { reasonFlag, reasonOf } from './replacement-flags.ts';

export const migrateDeployment: Command = {
  path: ['deployment', 'migrate'],
  summary: 'go on with the same state on another deployment target',
  arguments: [
    { name: 'deployment', about: 'its name' },
    { name: 'target', about: 'name of the target' },
  ],
  flags: { ...reasonFlag, ...verbFlags },
  examples: ['deployment migrate payments-production frankfurt --wait'],
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const answer = await (
      await client()
    ).get('migrateDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: { target: args['target'] ?? '', ...reasonOf(invocation) },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
