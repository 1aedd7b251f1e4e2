import type { Command } from '../../command.ts';
import { differencesView } from '../../output/differences-view.ts';
import { revisionNumber } from './revision-number.ts';

export const diffRevisions: Command = {
  path: ['deployment', 'diff'],
  summary: 'tell what changed between two revisions; up to the newest when only one is given',
  arguments: [
    { name: 'deployment', about: 'its name' },
    { name: 'from', about: 'number of a revision' },
    { name: 'to', about: 'number of another one', optional: true },
  ],
  examples: ['deployment diff payments-production 3 5'],
  async run({ client, namespace, args }) {
    const params = {
      namespace,
      deployment: args['deployment'] ?? '',
      revision: revisionNumber(args['from']),
    };
    const query = args['to'] === undefined ? {} : { with: revisionNumber(args['to']) };
    const body = await (await client()).get('compareRevisions', { params, query });
    return { body, view: differencesView(body.changes) };
  },
};
