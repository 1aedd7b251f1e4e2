import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { Deployment, DeploymentInput } from '#contract/resources/deployment.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { namespace } from './namespace.ts';
import { queryClient } from './query-client.ts';

/** Creates a deployment; it starts at once when its desired state is running. */
export function useCreateDeployment(): UseMutationResult<
  Deployment,
  Error,
  Pick<DeploymentInput, 'name' | 'spec'>
> {
  return useMutation({
    mutationFn: (body) => watched(() => client.get('createDeployment', { params: { namespace }, body })),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}
