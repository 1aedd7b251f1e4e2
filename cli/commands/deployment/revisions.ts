import type { Command } from '../../command.ts';
import { age } from '../../output/text.ts';

export const listRevisions: Command = {
  path: ['deployment', 'revisions'],
  summary: 'list what a deployment stated, who changed it and why',
  arguments: [{ name: 'deployment', about: 'its name' }],
  examples: ['deployment revisions payments-production'],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('listRevisions', { params });
    const rows = body.items.map(({ number, createdAt, createdBy, reason, changes }) => [
      String(number),
      age(createdAt, Date.now()),
      createdBy,
      changes.map(({ pointer }) => pointer || '/').join(' '),
      reason || '-',
    ]);
    const columns = ['revision', 'made', 'by', 'changed', 'reason'];
    return { body, view: { kind: 'table', columns, rows, empty: 'There is no revision yet.' } };
  },
};
