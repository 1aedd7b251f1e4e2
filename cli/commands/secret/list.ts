import type { Command } from '../../command.ts';
import { age } from '../../output/text.ts';

export const listSecrets: Command = {
  path: ['secret', 'list'],
  summary: 'list secrets and who uses them; values are never shown',
  examples: ['secret list -n payments'],
  async run({ client, namespace }) {
    const body = await (await client()).get('listSecrets', { params: { namespace } });
    const rows = body.items.map(({ name, version, users, modifiedAt, modifiedBy }) => [
      name,
      String(version),
      users.join(', ') || '-',
      age(modifiedAt, Date.now()),
      modifiedBy,
    ]);
    const columns = ['name', 'version', 'used by', 'changed', 'by'];
    return { body, view: { kind: 'table', columns, rows, empty: 'There is no secret.' } };
  },
};
