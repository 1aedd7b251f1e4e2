import type { Command } from '../../command.ts';

export const listCaptures: Command = {
  path: ['deployment', 'captures'],
  summary: 'show the records that were captured of a sink instead of being written',
  arguments: [
    { name: 'deployment', about: 'its name' },
    { name: 'sink', about: 'name of the sink in the program' },
  ],
  flags: { cursor: { type: 'string', about: 'goes on behind an earlier page' } },
  async run({ client, namespace, args, flags, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', sink: args['sink'] ?? '' };
    const cursor = typeof flags['cursor'] === 'string' ? { cursor: flags['cursor'] } : {};
    const body = await (await client()).get('listCaptures', { params, query: { limit: 200, ...cursor } });
    if (body.next !== null) say(`There are more: --cursor ${body.next}`);
    return {
      body,
      view: {
        kind: 'table',
        columns: ['time', 'record'],
        rows: body.items.map(({ time, record }) => [time ?? '-', JSON.stringify(record)]),
        empty: 'Nothing was captured of it yet; records are visible with the next checkpoint.',
      },
    };
  },
};
