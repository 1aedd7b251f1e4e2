import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';

export const getState: Command = {
  path: ['state', 'get'],
  summary: 'read state of a running deployment, of one key or page by page',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'operator', about: 'name of the operator, as "state list" shows it' },
    { name: 'state', about: 'name of the state' },
  ],
  flags: {
    key: { type: 'string', about: 'only this key: text, a number, or a JSON array for a composite key' },
    'map-key': { type: 'string', about: 'only this entry of the map of the key' },
    limit: { type: 'string', about: 'entries of a page, 1 to 1000 (100)' },
    cursor: { type: 'string', about: 'where the last page ended' },
  },
  examples: [
    'state get payments-production detect last-payment --key 4711',
    'state get payments-production per-country windows --limit 20',
  ],
  async run({ client, namespace, args, flags, say }) {
    const params = {
      namespace,
      deployment: args['deployment'] ?? '',
      operator: args['operator'] ?? '',
      state: args['state'] ?? '',
    };
    const body = await (
      await client()
    ).get('readState', {
      params,
      query: {
        ...text(flags['key'], 'key'),
        ...text(flags['map-key'], 'mapKey'),
        ...text(flags['cursor'], 'cursor'),
        limit: limitOf(flags['limit']),
      },
    });
    if (body.cursor !== undefined) say(`There is more: --cursor ${body.cursor}`);
    return {
      body,
      view: {
        kind: 'table',
        columns: ['key', 'entry'],
        rows: body.entries.map(({ key, ...entry }) => [shown(key), JSON.stringify(entry)]),
        empty: flags['key'] === undefined ? 'No entry here.' : `No entry of key ${String(flags['key'])}.`,
      },
    };
  },
};

function text(flag: unknown, name: 'key' | 'mapKey' | 'cursor'): { readonly [name: string]: string } {
  return typeof flag === 'string' ? { [name]: flag } : {};
}

function limitOf(flag: unknown): number {
  const limit = Number(flag ?? 100);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new CliError(
    exitCode.usage,
    `Cannot read ${String(flag)} entries: --limit must be a whole number from 1 to 1000`,
  );
}

function shown(key: unknown): string {
  if (key === undefined) return '-';
  return typeof key === 'string' ? key : JSON.stringify(key);
}
