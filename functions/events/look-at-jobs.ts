/** Everything that a sweep compares: operations that have not ended, and jobs that have not, each with its deployment. */
import type { Deployment } from '#contract/resources/deployment.ts';
import type { JobHealth } from '../control/conditions.ts';
import type { ObservedJob, ObservedOperation } from '../control/observe.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { aFewAtOnce } from './a-few-at-once.ts';
import { askJob } from './ask-job.ts';
import { verbForDrift } from './bring-change.ts';

/** Each asks one job by one call of the gateway; a thousand jobs are asked within seconds. */
const ASKED_AT_ONCE = 32;
const READ_AT_ONCE = 16;

/** A job as the sweep sees it, with what it was seen by. */
export interface LookedAtJob {
  readonly observed: ObservedJob;
  readonly job: StoredJob;
  readonly deployment: Deployment | undefined;
  readonly health: JobHealth | undefined;
}

export async function observedOperations({ stores, executions }: Platform): Promise<ObservedOperation[]> {
  const active = await stores.operations.active();
  const observed = await aFewAtOnce(active, READ_AT_ONCE, async ({ id, namespace }) => {
    const operation = await stores.operations.get(id);
    if (operation === undefined) return [];
    const { state, createdAt, deploymentId, deployment } = operation;
    // One that waits for its turn has no execution yet.
    const execution = state === 'queued' ? ('missing' as const) : await executions.state(id);
    return [
      { id, namespace, deploymentId, deployment, state, createdAtMs: Date.parse(createdAt), execution },
    ];
  });
  return observed.flat();
}

export async function lookAtJobs(platform: Platform): Promise<LookedAtJob[]> {
  const { stores, tasks } = platform;
  const jobs = await stores.jobs.live();
  const arns = jobs.flatMap((job) => job.attempts.at(-1)?.taskArn ?? []);
  const [described, deployments] = await Promise.all([tasks.describe(arns), deploymentsOf(platform, jobs)]);
  const alive = new Map(described.map((task) => [task.arn, task.status !== 'stopped']));
  return aFewAtOnce(jobs, ASKED_AT_ONCE, (job) =>
    lookAt(platform, job, {
      deployment: deployments.get(job.deploymentId),
      isTaskAlive: alive.get(job.attempts.at(-1)?.taskArn ?? ''),
    }),
  );
}

async function lookAt(
  platform: Platform,
  job: StoredJob,
  {
    deployment,
    isTaskAlive,
  }: { readonly deployment: Deployment | undefined; readonly isTaskAlive: boolean | undefined },
): Promise<LookedAtJob> {
  const hasActiveOperation = deployment !== undefined && deployment.status.operationId !== null;
  const isAsked = isTaskAlive === true && !hasActiveOperation;
  const { answers, health } = isAsked
    ? await askJob(platform, job)
    : { answers: undefined, health: undefined };
  return {
    job,
    deployment,
    health,
    observed: {
      deploymentId: job.deploymentId,
      number: job.number,
      attempt: job.attempts.length,
      taskArn: job.attempts.at(-1)?.taskArn ?? null,
      hasActiveOperation,
      isUnwanted: isUnwanted(deployment, job),
      isTaskAlive,
      isDrifting: deployment !== undefined && verbForDrift(deployment, job) !== null,
      answers,
      silentSinceMs: job.silentSince === null ? undefined : Date.parse(job.silentSince),
    },
  };
}

/** Whether a live job has no deployment that wants it; one with an operation is that operation's matter. */
export function isUnwanted(deployment: Deployment | undefined, job: StoredJob): boolean {
  if (deployment === undefined || deployment.id !== job.deploymentId) return true;
  const { operationId, jobNumber, state } = deployment.status;
  if (operationId !== null) return false;
  return jobNumber !== job.number || state !== 'running';
}

/** By id. A batch a namespace, since all of its deployments inherit from the same levels. */
async function deploymentsOf(
  { stores }: Platform,
  jobs: readonly StoredJob[],
): Promise<ReadonlyMap<string, Deployment>> {
  const found = new Map<string, Deployment>();
  for (const [namespace, own] of Map.groupBy(jobs, (job) => job.namespace)) {
    const names = [...new Set(own.map(({ deployment }) => deployment))];
    for (const deployment of await stores.deployments.getMany(namespace, names)) {
      if (deployment !== undefined) found.set(deployment.id, deployment);
    }
  }
  return found;
}
