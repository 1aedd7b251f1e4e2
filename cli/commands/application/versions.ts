import type { Command } from '../../command.ts';
import { bytes } from '../../output/text.ts';
import { labelText } from './version-view.ts';

export const listVersions: Command = {
  path: ['application', 'versions'],
  summary: 'list the versions of an application',
  arguments: [{ name: 'application', about: 'its name' }],
  flags: {
    label: { type: 'string', about: 'only with this label, as name:value; repeatable', multiple: true },
    commit: { type: 'string', about: 'only of this commit, or of those that begin so' },
    retired: { type: 'boolean', about: 'only those that were retired' },
  },
  async run({ client, namespace, args, flags }) {
    const params = { namespace, application: args['application'] ?? '' };
    const { label, commit, retired } = flags;
    const page = await (
      await client()
    ).get('listApplicationVersions', {
      params,
      query: {
        limit: 200,
        ...(typeof label === 'object' ? { label: [...label] } : {}),
        ...(typeof commit === 'string' ? { commit } : {}),
        ...(retired === true ? { retired: 'true' } : {}),
      },
    });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['version', 'hash', 'size', 'tag', 'labels', 'commit', 'author', 'created', 'retired'],
        rows: page.items.map((item) => [
          String(item.version),
          item.sha256.slice(0, 12),
          bytes(item.sizeBytes),
          item.tag ?? '-',
          labelText(item),
          `${item.commit?.slice(0, 8) ?? '-'}${item.dirty ? '+' : ''}`,
          item.author ?? '-',
          item.createdAt,
          item.retiredAt ?? '-',
        ]),
        empty: `No versions yet. Push one: headwater application push application.ts`,
      },
    };
  },
};
