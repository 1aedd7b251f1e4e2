import type { Command } from '../../command.ts';

export const listTargets: Command = {
  path: ['target', 'list'],
  summary: 'list where jobs can run',
  examples: ['target list'],
  async run({ client }) {
    const body = await (await client()).get('listTargets', {});
    const rows = body.items.map(({ name, region, cluster, capacity, description }) => [
      name,
      region ?? '-',
      cluster ?? '-',
      capacity,
      description || '-',
    ]);
    const columns = ['name', 'region', 'cluster', 'capacity', 'description'];
    return { body, view: { kind: 'table', columns, rows, empty: 'There is no target.' } };
  },
};
