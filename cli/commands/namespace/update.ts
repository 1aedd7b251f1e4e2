import type { Command, Flag } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { namespaceView } from './view.ts';

const limits: Readonly<Record<string, { readonly field: string; readonly about: string }>> = {
  'max-deployments': { field: 'maxDeployments', about: 'deployments at most; "none" lifts the limit' },
  'max-running-jobs': { field: 'maxRunningJobs', about: 'running jobs at most, or "none"' },
  'max-cpu': { field: 'maxCpu', about: 'vCPUs of all running jobs together, or "none"' },
  'max-parallelism': { field: 'maxParallelism', about: 'parallelism of each deployment, or "none"' },
  'max-savepoints': { field: 'maxSavepoints', about: 'savepoints of each deployment, or "none"' },
};

const limitFlags: Readonly<Record<string, Flag>> = Object.fromEntries(
  Object.entries(limits).map(([flag, { about }]) => [flag, { type: 'string', about }]),
);

export const updateNamespace: Command = {
  path: ['namespace', 'update'],
  summary: 'change the description or the quota of a namespace',
  arguments: [{ name: 'name', about: 'its name' }],
  flags: { description: { type: 'string', about: 'what it is for' }, ...limitFlags },
  examples: ['namespace update payments --max-running-jobs 10 --max-cpu none'],
  async run({ client, args, flags }) {
    const { description } = flags;
    const given = Object.entries(limits).filter(([flag]) => flags[flag] !== undefined);
    const quota = Object.fromEntries(given.map(([flag, { field }]) => [field, limitOf(flag, flags[flag])]));
    const change = {
      ...(typeof description === 'string' ? { description } : {}),
      ...(given.length === 0 ? {} : { quota }),
    };
    if (Object.keys(change).length === 0)
      throw new CliError(exitCode.usage, 'There is nothing to change: give --description or a limit');
    const api = await client();
    const params = { namespace: args['name'] ?? '' };
    const { revision } = await api.get('getNamespace', { params });
    const body = await api.get('updateNamespace', { params, body: change, ifMatch: `"${revision}"` });
    return { body, view: namespaceView(body) };
  },
};

function limitOf(flag: string, text: unknown): number | null {
  if (text === 'none') return null;
  if (typeof text === 'string' && /^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new CliError(exitCode.usage, `Cannot use --${flag} ${String(text)}: it must be a number, or "none"`);
}
