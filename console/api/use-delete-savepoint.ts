import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { deploymentParams } from './deployments.ts';
import { queryClient } from './query-client.ts';

/** Deletes a savepoint by its id, and reads the list again. */
export function useDeleteSavepoint(deployment: string): UseMutationResult<Savepoint, Error, string> {
  const { params } = deploymentParams(deployment);
  return useMutation({
    mutationFn: (savepoint) =>
      watched(() => client.get('deleteSavepoint', { params: { ...params, savepoint } })),
    onSuccess: () =>
      queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'listSavepoints' || queryKey[0] === 'listEvents',
      }),
  });
}
