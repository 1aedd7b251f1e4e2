import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';

export const deleteDeployment: Command = {
  path: ['deployment', 'delete'],
  summary: 'move a deployment without a job to the trash; for a week that can be undone',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: {
    savepoints: { type: 'string', about: 'what becomes of its savepoints', values: ['keep', 'delete'] },
    purge: { type: 'boolean', about: 'remove it for good now, also out of the trash' },
    'accept-state-loss': { type: 'boolean', about: 'needed when the deployment is protected' },
    ...verbFlags,
  },
  examples: [
    'deployment delete payments-test --wait',
    'deployment delete payments-test --purge --savepoints delete',
  ],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    const { query, idempotencyKey } = verbCall(invocation);
    const truth = (flag: unknown) => (flag === true ? 'true' : 'false');
    const answer = await (
      await client()
    ).get('deleteDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      query: {
        ...query,
        savepoints: flags['savepoints'] === 'delete' ? 'delete' : 'keep',
        purge: truth(flags['purge']),
        acceptStateLoss: truth(flags['accept-state-loss']),
      },
      idempotencyKey,
    });
    return followVerb(invocation, answer);
  },
};
