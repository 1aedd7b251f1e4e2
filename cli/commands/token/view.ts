import type { ApiToken } from '#contract/resources/api-token.ts';
import type { View } from '../../output/view.ts';
import { placeText } from '../access/place.ts';

/** A token; its secret stands first, as it is shown this once. */
export function tokenView(token: ApiToken, secret?: string): View {
  return {
    kind: 'record',
    fields: [
      ...(secret === undefined ? [] : [['Secret', secret] as const]),
      ['Id', token.id],
      ['Name', token.name],
      ['May', mayText(token)],
      ['Where', placeText(token)],
      ['Expires', token.expiresAt],
      ...(token.previousUntil === null ? [] : [['Old one until', token.previousUntil] as const]),
      ...(token.revokedAt === null ? [] : [['Revoked', token.revokedAt] as const]),
    ],
  };
}

/** What a token permits, in a few words. */
export function mayText({ role, permissions }: ApiToken): string {
  return role ?? permissions.join(', ');
}
