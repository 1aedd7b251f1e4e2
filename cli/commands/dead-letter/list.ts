import type { Command } from '../../command.ts';

export const listDeadLetters: Command = {
  path: ['dead-letter', 'list'],
  summary: 'list the records that the running job has set aside',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('listDeadLetters', { params });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['set aside', 'id', 'status', 'operator', 'record', 'fault'],
        rows: body.items.map(({ id, status, setAsideAt, fault }) => [
          setAsideAt,
          id,
          status,
          fault.operator ?? '-',
          fault.record ?? '-',
          fault.message,
        ]),
        empty: `No dead letters: the job of ${params.deployment} has set none aside, or no job runs.`,
      },
    };
  },
};
