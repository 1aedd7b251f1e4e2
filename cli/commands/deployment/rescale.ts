import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';

export const rescaleDeployment: Command = {
  path: ['deployment', 'rescale'],
  summary: 'give the running job another parallelism; it goes on with all of its state',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: {
    parallelism: { type: 'string', short: 'p', about: 'subtasks of every operator from now on' },
    ...verbFlags,
  },
  examples: ['deployment rescale payments-production --parallelism 4 --wait'],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    const parallelism = Number(flags['parallelism']);
    if (!Number.isInteger(parallelism) || parallelism < 1)
      throw new CliError(
        exitCode.usage,
        `Cannot rescale to ${String(flags['parallelism'])}: --parallelism must be a whole number above 0`,
      );
    const answer = await (
      await client()
    ).get('rescaleDeployment', {
      params: { namespace, deployment: args['deployment'] ?? '' },
      body: { parallelism },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
