import type { Command, Flag } from '../../command.ts';
import { permissionsOf } from '../access/permissions.ts';
import { roleView } from './view.ts';

export const roleFlags: Readonly<Record<string, Flag>> = {
  permission: {
    type: 'string',
    multiple: true,
    about: 'what it permits, as in deployments:operate; several with commas between them',
  },
  description: { type: 'string', about: 'whom it is for' },
};

export const createRole: Command = {
  path: ['role', 'create'],
  summary: 'create a role from permissions',
  arguments: [{ name: 'name', about: 'its name' }],
  flags: roleFlags,
  examples: ['role create starter --permission namespaces:read,deployments:read,deployments:operate'],
  async run({ client, args, flags }) {
    const description = typeof flags['description'] === 'string' ? flags['description'] : '';
    const body = await (
      await client()
    ).get('createRole', {
      body: { name: args['name'] ?? '', description, permissions: permissionsOf(flags['permission']) ?? [] },
    });
    return { body, view: roleView(body) };
  },
};
