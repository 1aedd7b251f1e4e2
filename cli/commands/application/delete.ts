import type { Command } from '../../command.ts';
import { versionReference } from '../../version-reference.ts';
import { versionView } from './version-view.ts';

export const deleteApplication: Command = {
  path: ['application', 'delete'],
  summary: 'delete a version that no deployment needs, or an application that is empty',
  arguments: [
    { name: 'application', about: 'its name' },
    { name: 'version', about: 'number or tag; without it the application itself', optional: true },
  ],
  examples: ['application delete payments-dashboard 7'],
  async run({ client, namespace, args, say }) {
    const application = args['application'] ?? '';
    const api = await client();
    if (args['version'] === undefined) {
      const body = await api.get('deleteApplication', { params: { namespace, application } });
      say(`Deleted application ${application}`);
      return { body, view: { kind: 'record', fields: [['Name', body.name]] } };
    }
    const params = { namespace, application, version: versionReference(args['version'], application) };
    const body = await api.get('deleteApplicationVersion', { params });
    say(`Deleted version ${body.version} of ${application}`);
    return { body, view: versionView(body) };
  },
};
