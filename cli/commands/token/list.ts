import type { Command } from '../../command.ts';
import { placeFlags, placeQuery, placeText } from '../access/place.ts';
import { mayText } from './view.ts';

export const listTokens: Command = {
  path: ['token', 'list'],
  summary: 'list the tokens of the namespace, or those for the whole platform',
  flags: placeFlags,
  async run(invocation) {
    const api = await invocation.client();
    const body = await api.get('listTokens', { query: { limit: 200, ...placeQuery(invocation) } });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['id', 'name', 'may', 'where', 'last used', 'expires'],
        rows: body.items.map((token) => [
          token.id,
          token.name,
          mayText(token),
          placeText(token),
          token.lastUsedAt ?? 'never',
          token.revokedAt === null ? token.expiresAt : 'revoked',
        ]),
        empty: 'No tokens.',
      },
    };
  },
};
