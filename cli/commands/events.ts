import type { Command } from '../command.ts';

export const events: Command = {
  path: ['events'],
  summary: 'list what happened to a deployment, newest first',
  arguments: [{ name: 'deployment', about: 'name of the deployment' }],
  flags: { limit: { type: 'string', about: 'how many (50 if not given)' } },
  async run({ client, namespace, args, flags }) {
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const limit = typeof flags['limit'] === 'string' ? flags['limit'] : '50';
    const page = await (await client()).get('listEvents', { params, query: { limit } });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['at', 'event', 'actor', 'message'],
        rows: page.items.map((event) => [event.at, event.name, event.actor, event.message]),
        empty: 'Nothing has happened yet.',
      },
    };
  },
};
