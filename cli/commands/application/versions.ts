import type { Command } from '../../command.ts';
import { bytes } from '../../output/text.ts';

export const listVersions: Command = {
  path: ['application', 'versions'],
  summary: 'list the versions of an application',
  arguments: [{ name: 'application', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, application: args['application'] ?? '' };
    const page = await (await client()).get('listApplicationVersions', { params, query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['version', 'hash', 'size', 'tag', 'commit', 'author', 'created'],
        rows: page.items.map((item) => [
          String(item.version),
          item.sha256.slice(0, 12),
          bytes(item.sizeBytes),
          item.tag ?? '-',
          item.commit?.slice(0, 8) ?? '-',
          item.author ?? '-',
          item.createdAt,
        ]),
        empty: `No versions yet. Push one: headwater application push application.ts`,
      },
    };
  },
};
