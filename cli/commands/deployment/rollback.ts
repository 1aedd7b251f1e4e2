import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { acceptanceOf, lossFlag, numberFlag, reasonFlag, reasonOf } from './replacement-flags.ts';
import { restoreOf } from './start.ts';

export const rollbackDeployment: Command = {
  path: ['deployment', 'rollback'],
  summary: 'return to an earlier revision of the spec, with the savepoint that fits it',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: {
    to: { type: 'string', about: 'number of the revision; what the job before ran when not given' },
    restore: {
      type: 'string',
      about: 'another state: latest-state, latest-savepoint, none or the id of a savepoint',
    },
    ...reasonFlag,
    ...lossFlag,
    ...verbFlags,
  },
  examples: [
    'deployment rollback payments-production --to 3 --wait',
    'deployment rollback payments-production --dry-run',
  ],
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const to = numberFlag(invocation, 'to');
    const answer = await (
      await client()
    ).get('rollbackDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: {
        ...(to === undefined ? {} : { to }),
        ...restoreOf(invocation.flags['restore']),
        ...reasonOf(invocation),
        ...acceptanceOf(invocation),
      },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
