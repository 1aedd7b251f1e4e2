import type { Command } from '../../command.ts';
import { placeFlags, placeQuery, placeText } from './place.ts';

export const revokeAccess: Command = {
  path: ['access', 'revoke'],
  summary: 'take a role away again',
  arguments: [{ name: 'binding', about: 'its id, as "access list" shows it' }],
  flags: placeFlags,
  async run(invocation) {
    const { client, args } = invocation;
    const body = await (
      await client()
    ).get('deleteRoleBinding', {
      params: { binding: args['binding'] ?? '' },
      query: placeQuery(invocation),
    });
    const text = `${body.member} is no longer ${body.role} in: ${placeText(body)}`;
    return { body, view: { kind: 'text', text } };
  },
};
