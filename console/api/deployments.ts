/** What pages read of deployments, by name. */
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import type { UseQueryResult } from '@tanstack/react-query';
import { namespace } from './namespace.ts';
import { useList } from './use-list.ts';
import { useRead } from './use-read.ts';

export const deploymentParams = (deployment: string) => ({ params: { namespace, deployment } });

export function useDeployment(name: string): UseQueryResult<Deployment> {
  return useRead('getDeployment', deploymentParams(name), {
    busy: ({ status }) => status.operationId !== null,
  });
}

/** Live figures; asked for only while a job may be there to answer. */
export function useMetrics(deployment: Deployment | undefined): UseQueryResult<DeploymentMetrics> {
  const state = deployment?.status.state;
  return useRead('getDeploymentMetrics', deploymentParams(deployment?.name ?? ''), {
    enabled: state === 'running' || state === 'transitioning',
  });
}

export const useJobs = (name: string) => useList('listJobs', deploymentParams(name));
export const useSavepoints = (name: string) => useList('listSavepoints', deploymentParams(name));
export const useOperations = (name: string) =>
  useList('listOperations', deploymentParams(name), { busy: ({ endedAt }) => endedAt === null });
