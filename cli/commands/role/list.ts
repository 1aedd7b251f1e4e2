import type { Command } from '../../command.ts';

export const listRoles: Command = {
  path: ['role', 'list'],
  summary: 'list the roles and what they permit',
  async run({ client }) {
    const body = await (await client()).get('listRoles', {});
    return {
      body,
      view: {
        kind: 'table',
        columns: ['name', 'permissions', 'made', 'description'],
        rows: body.items.map((role) => [
          role.name,
          String(role.permissions.length),
          role.builtIn ? 'built in' : role.createdAt,
          role.description,
        ]),
        empty: 'No roles.',
      },
    };
  },
};
