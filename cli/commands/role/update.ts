import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { permissionsOf } from '../access/permissions.ts';
import { roleFlags } from './create.ts';
import { roleView } from './view.ts';

export const updateRole: Command = {
  path: ['role', 'update'],
  summary: 'change a role for everybody who has it; the permissions that are given replace the others',
  arguments: [{ name: 'name', about: 'its name' }],
  flags: roleFlags,
  async run({ client, args, flags }) {
    const permissions = permissionsOf(flags['permission']);
    const { description } = flags;
    const change = {
      ...(permissions === undefined ? {} : { permissions }),
      ...(typeof description === 'string' ? { description } : {}),
    };
    if (Object.keys(change).length === 0)
      throw new CliError(exitCode.usage, 'There is nothing to change: give --permission or --description');
    const api = await client();
    const params = { role: args['name'] ?? '' };
    const { revision } = await api.get('getRole', { params });
    const body = await api.get('updateRole', { params, body: change, ifMatch: `"${revision}"` });
    return { body, view: roleView(body) };
  },
};
