import type { Namespace } from '#contract/resources/namespace.ts';
import type { View } from '../../output/view.ts';

export function namespaceView({ name, description, quota, createdAt }: Namespace): View {
  const limit = (value: number | null): string => (value === null ? 'no limit' : String(value));
  return {
    kind: 'record',
    fields: [
      ['Name', name],
      ['Description', description],
      ['Created', createdAt],
      ['Deployments', limit(quota.maxDeployments)],
      ['Running jobs', limit(quota.maxRunningJobs)],
      ['vCPU', limit(quota.maxCpu)],
      ['Parallelism', limit(quota.maxParallelism)],
      ['Savepoints', limit(quota.maxSavepoints)],
    ],
  };
}
