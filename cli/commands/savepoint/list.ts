import type { Command } from '../../command.ts';
import { bytes } from '../../output/text.ts';

export const listSavepoints: Command = {
  path: ['savepoint', 'list'],
  summary: 'list the savepoints of a deployment, over all its jobs',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const page = await (await client()).get('listSavepoints', { params, query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['created', 'id', 'job', 'origin', 'state', 'size', 'version', 'description'],
        rows: page.items.map((savepoint) => [
          savepoint.createdAt,
          savepoint.id,
          savepoint.jobNumber === null ? '-' : String(savepoint.jobNumber),
          savepoint.origin,
          savepoint.state,
          bytes(savepoint.sizeBytes),
          String(savepoint.version),
          savepoint.failure?.message ?? savepoint.description,
        ]),
        empty: `No savepoints yet. Take one: headwater savepoint create ${params.deployment}`,
      },
    };
  },
};
