import type { Flag, Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { deploymentView } from './view.ts';

const changed: Readonly<Record<string, Flag>> = {
  version: { type: 'string', about: 'the version of the application to run' },
  parallelism: { type: 'string', about: 'subtasks of every operator' },
};

export const updateDeployment: Command = {
  path: ['deployment', 'update'],
  summary: 'choose another version or parallelism; a running job gets it by the upgrade strategy',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: changed,
  examples: ['deployment update payments-staging --version 2'],
  async run({ client, namespace, args, flags, say }) {
    const spec = Object.fromEntries(
      Object.keys(changed)
        .filter((name) => flags[name] !== undefined)
        .map((name) => [name, wholeNumber(name, flags[name])]),
    );
    if (Object.keys(spec).length === 0)
      throw new CliError(exitCode.usage, 'There is nothing to change: give --version or --parallelism');
    const api = await client();
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const { revision } = await api.get('getDeployment', { params });
    const body = await api.get('updateDeployment', { params, body: { spec }, ifMatch: `"${revision}"` });
    const { operationId, state } = body.status;
    if (operationId !== null) say(`Follow the change with: headwater operation wait ${operationId}`);
    else if (state === 'running' && body.spec.upgradeStrategy.kind === 'none')
      say(`The upgrade strategy is none: restart "${body.name}" to let its job take the change`);
    return { body, view: deploymentView(body) };
  },
};

function wholeNumber(name: string, text: unknown): number {
  if (typeof text === 'string' && /^[1-9]\d*$/.test(text)) return Number(text);
  throw new CliError(
    exitCode.usage,
    `Cannot use --${name} ${String(text)}: it must be a whole number above 0`,
  );
}
