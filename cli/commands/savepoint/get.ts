import type { Command } from '../../command.ts';
import { bytes } from '../../output/text.ts';

export const getSavepoint: Command = {
  path: ['savepoint', 'get'],
  summary: 'show one savepoint',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('getSavepoint', { params });
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Id', body.id],
          ['State', body.state],
          ['Origin', body.origin],
          ['Job', `${body.jobNumber} (${body.jobId})`],
          ['Version', String(body.version)],
          ['Size', bytes(body.sizeBytes)],
          ['Location', body.location],
          ['Created', `${body.createdAt} by ${body.createdBy}`],
          ['Completed', body.completedAt ?? '-'],
          ...(body.failure ? [['Failure', body.failure.message] as const] : []),
        ],
      },
    };
  },
};
