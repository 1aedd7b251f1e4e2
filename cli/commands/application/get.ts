import type { Command } from '../../command.ts';
import { commitText } from './version-view.ts';

export const getApplication: Command = {
  path: ['application', 'get'],
  summary: 'show an application with its versions, its deployments and their newest savepoints',
  arguments: [{ name: 'application', about: 'its name' }],
  async run({ client, namespace, args }) {
    const application = args['application'] ?? '';
    const api = await client();
    const body = await api.get('getApplication', { params: { namespace, application } });
    const deployments = await api.get('listDeployments', {
      params: { namespace },
      query: { application, limit: 200 },
    });
    const versions = await api.get('listApplicationVersions', {
      params: { namespace, application },
      query: { limit: 5 },
    });
    const newest = await Promise.all(
      deployments.items.map(({ name }) =>
        api.get('listSavepoints', { params: { namespace, deployment: name }, query: { limit: 1 } }),
      ),
    );
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Name', body.name],
          ['Description', body.description || '-'],
          ['Latest version', String(body.latestVersion ?? '-')],
          ...versions.items.map(
            (item) => [`Version ${item.version}`, `${item.tag ?? '-'}, commit ${commitText(item)}`] as const,
          ),
          ...deployments.items.map(({ name, spec, status }, index) => {
            const savepoint = newest[index]?.items[0];
            const kept = savepoint ? `, newest savepoint ${savepoint.id}` : '';
            return [`Deployment ${name}`, `${status.state}, version ${spec.version}${kept}`] as const;
          }),
        ],
      },
    };
  },
};
