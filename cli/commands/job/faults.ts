import type { Command } from '../../command.ts';

export const listFaults: Command = {
  path: ['job', 'faults'],
  summary: 'list the faults of the running job, grouped by what they have in common',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('listFaults', { params });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['last', 'count', 'since', 'operator', 'error', 'message'],
        rows: body.groups.map((group) => [
          group.lastAt,
          String(group.count),
          group.firstAt,
          group.operator ?? '-',
          group.name,
          group.message,
        ]),
        empty: `No faults: the job of ${params.deployment} has none, or no job runs.`,
      },
    };
  },
};
