import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { deploymentParams } from './deployments.ts';
import { queryClient } from './query-client.ts';

/** What is done with a savepoint at once, without an operation. */
export type SavepointAct =
  | { readonly kind: 'delete' | 'purge' | 'undelete' | 'release' }
  | { readonly kind: 'hold'; readonly reason: string };

export function useSavepointAct(savepoint: Savepoint): UseMutationResult<Savepoint, Error, SavepointAct> {
  const params = { ...deploymentParams(savepoint.deployment).params, savepoint: savepoint.id };
  return useMutation({
    mutationFn: (act) => watched(() => send(params, act)),
    onSuccess: () =>
      queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'listSavepoints' || queryKey[0] === 'listEvents',
      }),
  });
}

type Params = ReturnType<typeof deploymentParams>['params'] & { readonly savepoint: string };

function send(params: Params, act: SavepointAct): Promise<Savepoint> {
  switch (act.kind) {
    case 'delete':
      return client.get('deleteSavepoint', { params });
    case 'purge':
      return client.get('deleteSavepoint', { params, query: { purge: 'true' } });
    case 'undelete':
      return client.get('undeleteSavepoint', { params });
    case 'release':
      return client.get('releaseSavepoint', { params });
    case 'hold':
      return client.get('holdSavepoint', { params, body: { reason: act.reason } });
  }
}
