import type { Command } from '../../command.ts';
import { restoredText } from './list.ts';

export const getJob: Command = {
  path: ['job', 'get'],
  summary: 'show one job: its frozen spec, attempts and first fault',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'job', about: 'its number' },
  ],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '', job: args['job'] ?? '' };
    const body = await (await client()).get('getJob', { params });
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Job', `${body.number} (${body.id})`],
          ['State', body.state],
          [
            'Application',
            `${body.spec.application} version ${body.spec.version} (${body.applicationSha256.slice(0, 12)})`,
          ],
          ['Configuration', JSON.stringify(body.spec.configuration)],
          ['Parallelism', String(body.spec.parallelism)],
          ['Restored from', restoredText(body.restoredFrom)],
          ['Started', body.startedAt ?? '-'],
          ['Ended', body.endedAt ?? '-'],
          ...body.attempts.map(
            (attempt) =>
              [
                `Attempt ${attempt.number}`,
                `${attempt.startedAt} to ${attempt.endedAt ?? 'now'}${attempt.reason ? `: ${attempt.reason}` : ''}`,
              ] as const,
          ),
          ...(body.failure ? [['First fault', body.failure.message] as const] : []),
        ],
      },
    };
  },
};
