import { Duration, durationMs } from '#contract/duration.ts';
import type { AuditRecord } from '#contract/resources/audit-record.ts';
import type { Client } from '#contract/api/client.ts';
import type { Command, Invocation } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { placeFlags, placeOf } from '../access/place.ts';

const PAGE = 200;

export const listAudit: Command = {
  path: ['audit', 'list'],
  summary: 'list who asked for what in the namespace, or on the whole platform; -o ndjson exports it',
  flags: {
    actor: { type: 'string', about: 'only what user:<subject> or token:<id> asked for' },
    operation: { type: 'string', about: 'only this, as in cancelDeployment' },
    resource: { type: 'string', about: 'only what begins with this, as in deployments/payments-' },
    since: { type: 'string', about: 'from this time on: RFC 3339, or a duration such as "1 day"' },
    until: { type: 'string', about: 'up to this time, likewise' },
    all: { type: 'boolean', about: 'all pages, not just the newest 200' },
    ...placeFlags,
  },
  examples: [
    'audit list --operation cancelDeployment --resource deployments/payments-production --since "1 day"',
  ],
  async run(invocation) {
    const api = await invocation.client();
    const items: AuditRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await pageOf(api, invocation, cursor);
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined && invocation.flags['all'] === true);
    return {
      body: { items, next: cursor ?? null },
      view: {
        kind: 'table',
        columns: ['time', 'actor', 'operation', 'resource', 'answer', 'address'],
        rows: items.map((record) => [
          record.at,
          record.actor,
          record.operation,
          [record.namespace, record.resource].filter((part) => part !== null).join('/'),
          [record.status ?? 'not known', record.problem].filter((part) => part !== null).join(' '),
          record.sourceIp ?? '–',
        ]),
        empty: 'Nothing was asked.',
      },
    };
  },
};

function pageOf(api: Client, invocation: Invocation, cursor: string | undefined) {
  const { flags } = invocation;
  const text = (name: string) => (typeof flags[name] === 'string' ? { [name]: flags[name] } : {});
  const query = {
    limit: PAGE,
    ...text('actor'),
    ...text('operation'),
    ...text('resource'),
    ...time('since', flags['since']),
    ...time('until', flags['until']),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const namespace = placeOf(invocation);
  return namespace === null
    ? api.get('listAudit', { query })
    : api.get('listNamespaceAudit', { params: { namespace }, query });
}

/** A duration counts back from now. */
function time(name: string, flag: unknown): Record<string, string> {
  if (typeof flag !== 'string') return {};
  const isAgo = Duration.safeParse(flag).success;
  const at = isAgo ? Date.now() - durationMs(flag) : Date.parse(flag);
  if (!Number.isNaN(at)) return { [name]: new Date(at).toISOString() };
  throw new CliError(
    exitCode.usage,
    `Cannot use --${name} ${flag}: write a time as in 2026-01-31T12:00:00Z, or a duration as in "1 day"`,
  );
}
