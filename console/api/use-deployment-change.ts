/** Changes of a deployment that are no operation of their own. */
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { Deployment } from '#contract/resources/deployment.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { deploymentParams } from './deployments.ts';
import { queryClient } from './query-client.ts';

export function useUndelete(name: string): UseMutationResult<Deployment, Error, void> {
  return useMutation({
    mutationFn: () => watched(() => client.get('undeleteDeployment', deploymentParams(name))),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

interface Reversion {
  readonly revision: number;
  readonly reason: string;
  readonly acceptStateLoss: boolean;
}

export function useRevert(name: string): UseMutationResult<Deployment, Error, Reversion> {
  const { params } = deploymentParams(name);
  return useMutation({
    mutationFn: ({ revision, reason, acceptStateLoss }) =>
      watched(() =>
        client.get('revertDeployment', {
          params: { ...params, revision },
          query: { reason, acceptStateLoss: acceptStateLoss ? 'true' : 'false' },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

interface Change {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly acceptStateLoss: boolean;
  /** ETag of what the change was made of. */
  readonly ifMatch: string;
}

export function useUpdate(name: string): UseMutationResult<Deployment, Error, Change> {
  return useMutation({
    mutationFn: ({ spec, reason, acceptStateLoss, ifMatch }) =>
      watched(() =>
        client.get('updateDeployment', {
          ...deploymentParams(name),
          body: { spec },
          query: { reason, acceptStateLoss: acceptStateLoss ? 'true' : 'false' },
          ifMatch,
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}
