import type { Command } from '../../command.ts';
import { rate, span } from '../../output/text.ts';

export const deploymentMetrics: Command = {
  path: ['deployment', 'metrics'],
  summary: 'show the live figures of the running job',
  arguments: [{ name: 'deployment', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const body = await (await client()).get('getDeploymentMetrics', { params });
    const now = Date.parse(body.at);
    return {
      body,
      view: {
        kind: 'table',
        columns: [
          'operator',
          'parallelism',
          'state',
          'in',
          'out',
          'busy',
          'watermark',
          'late',
          'undecodable',
        ],
        rows: body.operators.map((operator) => [
          operator.name,
          String(operator.parallelism),
          operator.state.toLowerCase(),
          rate(operator.recordsInPerSecond),
          rate(operator.recordsOutPerSecond),
          operator.busy === null ? '-' : `${Math.round(operator.busy * 100)} %`,
          operator.watermark === null ? '-' : `${span(now - operator.watermark)} behind`,
          String(operator.lateRecords ?? '-'),
          String(operator.undecodableRecords ?? '-'),
        ]),
        empty: body.unreachable ?? 'No job is running.',
      },
    };
  },
};
