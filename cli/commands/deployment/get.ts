import type { Deployment } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import type { View } from '../../output/view.ts';
import { deploymentView } from './view.ts';

export const getDeployment: Command = {
  path: ['deployment', 'get'],
  summary: 'show one deployment',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: { origins: { type: 'boolean', about: 'show every value in effect, and which level it comes from' } },
  examples: ['deployment get payments-production -o yaml', 'deployment get payments-production --origins'],
  async run({ client, namespace, args, flags }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('getDeployment', { params });
    return { body, view: flags['origins'] === true ? originsView(body) : deploymentView(body) };
  },
};

function originsView({ spec, origins }: Deployment): View {
  const rows = leaves(spec, '').map(([pointer, value]) => [
    pointer,
    JSON.stringify(value),
    origins[pointer] ?? 'built-in',
  ]);
  return { kind: 'table', columns: ['value', 'in effect', 'from'], rows, empty: '' };
}

function leaves(value: unknown, pointer: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, member]) =>
    leaves(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
