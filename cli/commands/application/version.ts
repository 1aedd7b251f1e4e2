import type { Command } from '../../command.ts';
import { versionReference } from '../../version-reference.ts';
import { versionView } from './version-view.ts';

export const getVersion: Command = {
  path: ['application', 'version'],
  summary: 'show a version by its number or its tag',
  arguments: [
    { name: 'application', about: 'its name' },
    { name: 'version', about: 'number or tag' },
  ],
  examples: ['application version payments-dashboard c8b3f'],
  async run({ client, namespace, args }) {
    const application = args['application'] ?? '';
    const version = versionReference(args['version'] ?? '', application);
    const params = { namespace, application, version };
    const body = await (await client()).get('getApplicationVersion', { params });
    return { body, view: versionView(body) };
  },
};
