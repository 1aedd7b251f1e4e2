import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { deploymentView } from './view.ts';

export const rescaleDeployment: Command = {
  path: ['deployment', 'rescale'],
  summary: 'give the running job another parallelism; it goes on with all of its state',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: { parallelism: { type: 'string', short: 'p', about: 'subtasks of every operator from now on' } },
  examples: ['deployment rescale payments-production --parallelism 4'],
  async run({ client, namespace, args, flags, say }) {
    const parallelism = Number(flags['parallelism']);
    if (!Number.isInteger(parallelism) || parallelism < 1)
      throw new CliError(
        exitCode.usage,
        `Cannot rescale to ${String(flags['parallelism'])}: --parallelism must be a whole number above 0`,
      );
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('rescaleDeployment', { params, body: { parallelism } });
    say(`"${body.name}" runs with parallelism ${parallelism}`);
    return { body, view: deploymentView(body) };
  },
};
