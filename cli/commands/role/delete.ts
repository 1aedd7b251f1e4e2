import type { Command } from '../../command.ts';

export const deleteRole: Command = {
  path: ['role', 'delete'],
  summary: 'delete a role; whoever has it may do nothing by it from then on',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, args }) {
    const body = await (await client()).get('deleteRole', { params: { role: args['name'] ?? '' } });
    return { body, view: { kind: 'text', text: `Role "${body.name}" is deleted.` } };
  },
};
