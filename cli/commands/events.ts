import type { EventName } from '#contract/event-names.ts';
import type { Command } from '../command.ts';
import { CliError, exitCode } from '../exit-code.ts';

export const events: Command = {
  path: ['events'],
  summary: 'list what happened to a deployment, or in the whole namespace, newest first',
  arguments: [{ name: 'deployment', about: 'name of the deployment', optional: true }],
  flags: {
    'namespace-wide': { type: 'boolean', about: 'of all deployments, also of those that are gone' },
    name: { type: 'string', about: 'only events of this name; may be repeated', multiple: true },
    severity: { type: 'string', about: 'only of this severity', values: ['info', 'warning', 'error'] },
    since: { type: 'string', about: 'not older than this time, such as 2026-01-31T12:00:00Z' },
    until: { type: 'string', about: 'not younger than this time' },
    operation: { type: 'string', about: 'only of this operation' },
    limit: { type: 'string', about: 'how many (50 if not given)' },
  },
  examples: ['events payments-production --severity error', 'events --namespace-wide -o ndjson'],
  async run({ client, namespace, args, flags }) {
    const text = (flag: string) => (typeof flags[flag] === 'string' ? { [flag]: flags[flag] } : {});
    const query = {
      limit: '50',
      ...text('limit'),
      ...text('since'),
      ...text('until'),
      ...text('operation'),
      // The API refuses what is no name of an event, and says which there are.
      ...(Array.isArray(flags['name']) ? { name: [...flags['name']] as EventName[] } : {}),
      ...(typeof flags['severity'] === 'string' ? { severity: flags['severity'] as 'info' } : {}),
    };
    const { deployment } = args;
    const isWide = flags['namespace-wide'] === true;
    if (deployment === undefined && !isWide) {
      throw new CliError(exitCode.usage, 'Cannot list events: name a deployment, or say --namespace-wide');
    }
    const api = await client();
    const page =
      deployment === undefined
        ? await api.get('listNamespaceEvents', { params: { namespace }, query })
        : await api.get('listEvents', { params: { namespace, deployment }, query });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['at', 'deployment', 'event', 'actor', 'message'],
        rows: page.items.map((event) => [event.at, event.deployment, event.name, event.actor, event.message]),
        empty: 'Nothing has happened yet.',
      },
    };
  },
};
