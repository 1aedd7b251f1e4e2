import type { Command } from '../../command.ts';

export const listApplications: Command = {
  path: ['application', 'list'],
  summary: 'list applications',
  async run({ client, namespace }) {
    const page = await (
      await client()
    ).get('listApplications', { params: { namespace }, query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['name', 'latest version', 'modified', 'description'],
        rows: page.items.map((item) => [
          item.name,
          String(item.latestVersion ?? '-'),
          item.modifiedAt,
          item.description,
        ]),
        empty: 'No applications yet. Push one: headwater application push application.ts',
      },
    };
  },
};
