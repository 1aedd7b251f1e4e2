import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { manyFlags, runMany } from '../../many-verbs.ts';

export const startDeployment: Command = {
  path: ['deployment', 'start'],
  summary: 'begin a job from the state that the restore strategy names',
  arguments: [{ name: 'deployment', about: 'its name; left out with --label', optional: true }],
  flags: {
    restore: {
      type: 'string',
      about: 'instead of the restore strategy: latest-state, latest-savepoint, none or the id of a savepoint',
    },
    at: {
      type: 'string',
      about: 'sources begin at this time, such as 2026-11-21T10:00:00Z, not at the positions of the state',
    },
    ...manyFlags,
    ...verbFlags,
  },
  examples: ['deployment start payments-production --wait', 'deployment start payments-production --dry-run'],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    if (args['deployment'] === undefined) return runMany(invocation, 'start');
    const answer = await (
      await client()
    ).get('startDeployment', {
      params: { namespace, deployment: args['deployment'] },
      body: {
        ...restoreOf(flags['restore']),
        ...(typeof flags['at'] === 'string' ? { startAt: flags['at'] } : {}),
      },
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
