import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { numberFlag } from './replacement-flags.ts';
import { versionFlag, versionOf } from './version-flag.ts';
import { deploymentView } from './view.ts';

export const updateDeployment: Command = {
  path: ['deployment', 'update'],
  summary: 'choose another version or parallelism; a running job gets it by the upgrade strategy',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: { version: versionFlag, parallelism: { type: 'string', about: 'subtasks of every operator' } },
  examples: ['deployment update payments-staging --version 2'],
  async run(invocation) {
    const { client, namespace, args, flags, say } = invocation;
    if (flags['version'] === undefined && flags['parallelism'] === undefined)
      throw new CliError(exitCode.usage, 'There is nothing to change: give --version or --parallelism');
    const api = await client();
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const parallelism = numberFlag(invocation, 'parallelism');
    const { revision, spec: stated } = await api.get('getDeployment', { params });
    const version = await versionOf(invocation, stated.application);
    const spec = {
      ...(version === undefined ? {} : { version }),
      ...(parallelism === undefined ? {} : { parallelism }),
    };
    const body = await api.get('updateDeployment', { params, body: { spec }, ifMatch: `"${revision}"` });
    const { operationId, state } = body.status;
    if (operationId !== null) say(`Follow the change with: headwater operation wait ${operationId}`);
    else if (state === 'running' && body.spec.upgradeStrategy.kind === 'none')
      say(`The upgrade strategy is none: restart "${body.name}" to let its job take the change`);
    return { body, view: deploymentView(body) };
  },
};
