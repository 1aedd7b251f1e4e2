import type { Command } from '../../command.ts';
import { tokenView } from './view.ts';

export const revokeToken: Command = {
  path: ['token', 'revoke'],
  summary: 'revoke a token for ever',
  arguments: [{ name: 'token', about: 'its id, as "token list" shows it' }],
  async run({ client, args }) {
    const body = await (await client()).get('revokeToken', { params: { token: args['token'] ?? '' } });
    return { body, view: tokenView(body) };
  },
};
