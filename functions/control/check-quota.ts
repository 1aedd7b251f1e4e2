/** Whether a namespace may hold one more: the one decision about quotas. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Namespace, NamespaceQuota } from '#contract/resources/namespace.ts';

/** What is to be added: a deployment, a running job, or both. */
export interface Addition {
  readonly deployment: Pick<Deployment, 'name' | 'spec'>;
  readonly isNew: boolean;
  readonly willRun: boolean;
}

type Held = Pick<Deployment, 'name' | 'spec' | 'status'>;

/** Whether any limit is set, so that there is something to count. */
export function hasQuota(quota: NamespaceQuota): boolean {
  return Object.values(quota).some((limit) => limit !== null);
}

/**
 * The problem that a limit of the namespace would be passed, with what it counts; undefined when all are kept.
 *
 * `held` are all deployments of the namespace; the one that is started may be among them and does not count twice. It
 * is asked before a deployment is created and before a job begins. Two who ask at the same moment may both pass: a
 * quota keeps a team within bounds, it is no lock.
 */
export function checkQuota(
  namespace: Pick<Namespace, 'name' | 'quota'>,
  held: readonly Held[],
  addition: Addition,
): Problem | undefined {
  const { quota } = namespace;
  const { deployment, isNew, willRun } = addition;
  const { parallelism } = deployment.spec;
  const refuse = (limit: keyof NamespaceQuota, reason: string): Problem =>
    new Problem(
      'quota-exceeded',
      `Cannot ${willRun ? 'start' : 'create'} deployment "${deployment.name}": ${reason}; quota ${limit} of namespace "${namespace.name}" is ${quota[limit]}`,
    );
  if (quota.maxParallelism !== null && parallelism > quota.maxParallelism) {
    return refuse('maxParallelism', `its parallelism is ${parallelism}`);
  }
  if (isNew && quota.maxDeployments !== null && held.length >= quota.maxDeployments) {
    return refuse('maxDeployments', `there are ${held.length} deployments`);
  }
  if (!willRun) return undefined;
  const running = held.filter((other) => other.name !== deployment.name && isRunning(other));
  if (quota.maxRunningJobs !== null && running.length >= quota.maxRunningJobs) {
    return refuse('maxRunningJobs', `${running.length} other jobs run`);
  }
  const cpu = running.reduce((sum, { spec }) => sum + spec.resources.cpu, 0);
  const wanted = deployment.spec.resources.cpu;
  if (quota.maxCpu !== null && cpu + wanted > quota.maxCpu) {
    return refuse('maxCpu', `it needs ${wanted} vCPU, and the jobs that run have ${cpu}`);
  }
  return undefined;
}

/** The problem that a deployment has as many completed savepoints as it may. */
export function checkSavepointQuota(
  namespace: Pick<Namespace, 'name' | 'quota'>,
  deployment: string,
  savepoints: number,
): Problem | undefined {
  const limit = namespace.quota.maxSavepoints;
  if (limit === null || savepoints < limit) return undefined;
  return new Problem(
    'quota-exceeded',
    `Cannot take a savepoint of deployment "${deployment}": it has ${savepoints}; quota maxSavepoints of namespace "${namespace.name}" is ${limit}`,
  );
}

/** A deployment in transition counts: it runs, or did a moment ago, or will. */
function isRunning({ status }: Held): boolean {
  return status.state === 'running' || status.state === 'transitioning';
}
