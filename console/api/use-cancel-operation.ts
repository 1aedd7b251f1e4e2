import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { Operation } from '#contract/resources/operation.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { namespace } from './namespace.ts';
import { queryClient } from './query-client.ts';

/** Asks that an operation ends early, by its id. */
export function useCancelOperation(): UseMutationResult<Operation, Error, string> {
  return useMutation({
    mutationFn: (operation) =>
      watched(() => client.get('cancelOperation', { params: { namespace, operation } })),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}
