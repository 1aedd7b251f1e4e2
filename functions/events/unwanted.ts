/** Processes and jobs that nobody wants any more: they end, and can commit nothing until then. */
import type { TaskOwner } from '../control/observe.ts';
import { newEvent } from '../control/new-event.ts';
import type { Happening } from '../control/new-event.ts';
import { logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { endJob } from '../operations/end-job.ts';
import { fenceFor } from '../steps/fence.ts';
import { liveJob } from '../steps/live-task.ts';
import { isUnwanted } from './look-at-jobs.ts';

const ACTOR = 'system:reconciler';

/** Stops the task of an attempt that has ended, or a second one of an attempt. */
export async function stopLeftover(
  platform: Platform,
  { arn, owner }: { readonly arn: string; readonly owner: TaskOwner },
): Promise<void> {
  const { stores, tasks } = platform;
  const job = await stores.jobs.get(owner.deploymentId, owner.jobNumber);
  const latest = await stores.jobs.latest(owner.deploymentId);
  // A deployment at rest has no lease either: a process that only sleeps could wake up and commit a checkpoint, which
  // the next start would then take for the newest state.
  if (latest !== undefined && (await isAtRest(platform, latest))) {
    await fenceFor(platform, latest.deploymentId, latest.id);
  }
  await tasks.stop(arn, 'leftover of an attempt that has ended');
  if (job === undefined) return;
  const isSecond = job.attempts.length === owner.attempt && liveJob(job) !== undefined;
  const message = isSecond
    ? `A second task of attempt ${owner.attempt} of job ${job.number} ran and was stopped.`
    : `A task of attempt ${owner.attempt} of job ${job.number} still ran and was stopped.`;
  await stores.commit([
    eventOf(platform, job, { name: 'leftover-task-stopped', severity: 'warning', message, jobId: job.id }),
  ]);
}

/** Ends a job whose deployment is at rest, has another one, or is gone. */
export async function endZombie(
  platform: Platform,
  place: { readonly deploymentId: string; readonly jobNumber: number },
): Promise<void> {
  const { stores, tasks, now } = platform;
  const job = await stores.jobs.get(place.deploymentId, place.jobNumber);
  const live = liveJob(job);
  if (job === undefined || live === undefined) return;
  const deployment = await stores.deployments.get(job.namespace, job.deployment);
  // What the sweep read may have been of two different moments.
  if (!isUnwanted(deployment, job)) return;
  if (deployment !== undefined && (await isAtRest(platform, job))) {
    await fenceFor(platform, job.deploymentId, job.id);
  }
  const reason = 'No deployment wants it any more';
  if (live.attempt.taskArn !== null) await tasks.stop(live.attempt.taskArn, reason);
  const context = {
    platform,
    at: now().toISOString(),
    event: (happening: Happening) => eventOf(platform, job, happening),
  };
  await stores.commit(await endJob(context, job, { state: 'terminated', reason }));
  logger.warn('A job that nobody wants was ended', { deploymentId: job.deploymentId, jobId: job.id });
}

/** No operation that is about to start a job, and no job that runs by right. */
async function isAtRest({ stores }: Platform, job: StoredJob): Promise<boolean> {
  const deployment = await stores.deployments.get(job.namespace, job.deployment);
  if (deployment === undefined || deployment.id !== job.deploymentId) return false;
  const { operationId, state } = deployment.status;
  return operationId === null && state !== 'running' && state !== 'transitioning';
}

function eventOf({ stores, now, newId }: Platform, job: StoredJob, happening: Happening): Write {
  const { namespace, deployment, deploymentId } = job;
  const occasion = {
    id: newId(),
    at: now().toISOString(),
    actor: ACTOR,
    namespace,
    deployment,
    deploymentId,
  };
  return stores.events.appended(newEvent(occasion, happening));
}
