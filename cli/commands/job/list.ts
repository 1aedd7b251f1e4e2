import type { Command } from '../../command.ts';

export const listJobs: Command = {
  path: ['job', 'list'],
  summary: 'list the jobs of a deployment',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const page = await (await client()).get('listJobs', { params, query: { limit: 200 } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['job', 'state', 'version', 'attempts', 'restored from', 'started', 'ended', 'failure'],
        rows: page.items.map((job) => [
          String(job.number),
          job.state,
          String(job.spec.version),
          String(job.attempts.length),
          restoredText(job.restoredFrom),
          job.startedAt ?? '-',
          job.endedAt ?? '-',
          job.failure?.message ?? '',
        ]),
        empty: `No jobs yet. Start one: headwater deployment start ${params.deployment}`,
      },
    };
  },
};

export function restoredText(from: { kind: string; savepointId?: string; checkpointId?: number }): string {
  if (from.kind === 'savepoint') return `savepoint ${from.savepointId}`;
  return from.kind === 'checkpoint' ? `checkpoint ${from.checkpointId}` : 'empty state';
}
