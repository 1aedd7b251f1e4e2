import { Problem } from '#contract/problems.ts';
import type { Deployment, DeploymentSpec } from '#contract/resources/deployment.ts';
import type { DeploymentTarget, TargetQuota } from '#contract/resources/deployment-target.ts';
import type { Job } from '#contract/resources/job.ts';

/** What one job takes of each limit. */
const measures: Readonly<
  Record<keyof TargetQuota, { readonly unit: string; readonly of: (spec: DeploymentSpec) => number }>
> = {
  maxJobs: { unit: 'jobs', of: () => 1 },
  maxCpu: { unit: 'vCPU', of: ({ resources }) => resources.cpu },
  maxMemoryMb: { unit: 'MB of memory', of: ({ resources }) => resources.memoryMb },
  maxParallelism: { unit: 'subtasks side by side', of: ({ parallelism }) => parallelism },
};

/**
 * The problem `quota-exceeded` where a job of the deployment finds no room on its target; undefined where it does.
 *
 * `live` are the jobs of the platform that have not ended. Those of the deployment itself do not count: a new job
 * takes the place of the old one.
 */
export function checkTargetQuota(
  { id, name, spec }: Deployment,
  target: DeploymentTarget,
  live: readonly Pick<Job, 'deploymentId' | 'spec'>[],
): Problem | undefined {
  const others = live.filter((job) => job.spec.target === target.name && job.deploymentId !== id);
  for (const [limit, { unit, of }] of Object.entries(measures)) {
    const most = target.quota[limit as keyof TargetQuota]; // Keys of the literal above.
    if (most === null) continue;
    const used = others.reduce((sum, job) => sum + of(job.spec), 0);
    const wanted = of(spec);
    if (used + wanted <= most) continue;
    const message = `Cannot start deployment "${name}": target "${target.name}" allows ${most} ${unit}, ${used} are in use and ${wanted} more are asked for; end another job or raise ${limit}`;
    return new Problem('quota-exceeded', message);
  }
  return undefined;
}
