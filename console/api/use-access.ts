/** Tokens: made, rotated and revoked. */
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { ApiToken, ApiTokenSecret } from '#contract/resources/api-token.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { namespace } from './namespace.ts';
import { queryClient } from './query-client.ts';

const readAgain = () =>
  queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'listTokens' });

interface NewToken {
  readonly name: string;
  readonly role: string;
  readonly lifetimeDays: number;
}

export function useCreateToken(): UseMutationResult<ApiTokenSecret, Error, NewToken> {
  return useMutation({
    mutationFn: (token) => watched(() => client.get('createToken', { body: { ...token, namespace } })),
    onSuccess: readAgain,
  });
}

export function useRotateToken(): UseMutationResult<ApiTokenSecret, Error, string> {
  return useMutation({
    mutationFn: (token) => watched(() => client.get('rotateToken', { params: { token }, body: {} })),
    onSuccess: readAgain,
  });
}

export function useRevokeToken(): UseMutationResult<ApiToken, Error, string> {
  return useMutation({
    mutationFn: (token) => watched(() => client.get('revokeToken', { params: { token } })),
    onSuccess: readAgain,
  });
}
