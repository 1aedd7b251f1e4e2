import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';

export const replayDeadLetters: Command = {
  path: ['dead-letter', 'replay'],
  summary: 'put records in again that were set aside, after what failed over them was mended',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  flags: {
    id: { type: 'string', multiple: true, about: 'of a record, as "dead-letter list" shows it; repeatable' },
    all: { type: 'boolean', about: 'all that are set aside' },
  },
  examples: ['dead-letter replay payments-production --all'],
  async run({ client, namespace, args, flags, say }) {
    const api = await client();
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const ids = flags['all'] === true ? await allIds() : idsOf(flags['id']);
    if (ids.length === 0)
      throw new CliError(
        exitCode.usage,
        'There is nothing to replay: give --id, or --all where some are set aside',
      );
    const body = await api.get('replayDeadLetters', { params, body: { ids } });
    say(`${body.replayed.length} records are put in again`);
    return {
      body,
      view: { kind: 'table', columns: ['id'], rows: body.replayed.map((id) => [id]), empty: 'None.' },
    };

    async function allIds(): Promise<string[]> {
      const { items } = await api.get('listDeadLetters', { params });
      return items.filter(({ status }) => status === 'set-aside').map(({ id }) => id);
    }
  },
};

function idsOf(flag: unknown): string[] {
  return Array.isArray(flag) ? flag.map(String) : [];
}
