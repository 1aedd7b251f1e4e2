import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';

export const startDeployment: Command = {
  path: ['deployment', 'start'],
  summary: 'begin a job from the state that the restore strategy names',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: {
    restore: {
      type: 'string',
      about: 'instead of the restore strategy: latest-state, latest-savepoint, none or the id of a savepoint',
    },
    ...verbFlags,
  },
  examples: ['deployment start payments-production --wait', 'deployment start payments-production --dry-run'],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    const answer = await (
      await client()
    ).get('startDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: restoreOf(flags['restore']),
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};

/** The strategy that a flag names; a word of its own, or the id of a savepoint. */
export function restoreOf(flag: unknown): { restoreStrategy?: RestoreStrategy } {
  if (typeof flag !== 'string') return {};
  if (flag === 'latest-state' || flag === 'latest-savepoint' || flag === 'none')
    return { restoreStrategy: { kind: flag } };
  return { restoreStrategy: { kind: 'savepoint', savepointId: flag } };
}
