/** A job whose task is gone or useless although no operation ended it: recovered, or stated as failed or finished. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { planOf } from '../control/decide-operation.ts';
import type { Recovery } from '../control/decide-recovery.ts';
import { newEvent } from '../control/new-event.ts';
import type { Happening } from '../control/new-event.ts';
import { deploymentSentence } from '../control/state-sentences.ts';
import { logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Write } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { acceptOperation } from '../operations/accept-operation.ts';
import { clearedConditions } from '../operations/cleared-conditions.ts';
import { endJob } from '../operations/end-job.ts';
import type { EndContext } from '../operations/end-job.ts';
import { keepCheckpoint } from '../savepoints/keep-checkpoint.ts';
import { liveJob } from '../steps/live-task.ts';
import type { LiveJob } from '../steps/live-task.ts';
import { judgeStop } from '../steps/judge-stop.ts';
import type { EndedTask } from '../steps/judge-stop.ts';

const ACTOR = 'system:reconciler';

/** Acts only when the task belongs to the newest attempt and no operation is about to deal with it. */
export async function examineJob(
  platform: Platform,
  found: { readonly deploymentId: string; readonly jobNumber: number },
  task: EndedTask | undefined,
): Promise<Recovery['kind'] | 'ignored'> {
  const unattended = await unattendedJob(platform, found);
  if (unattended === undefined) return 'ignored';
  const { live, deployment } = unattended;
  if (task !== undefined && task.arn !== live.attempt.taskArn) return 'ignored';
  const recovery = await judgeStop(platform, live.job, task);
  try {
    await act(platform, deployment, live, recovery);
    return recovery.kind;
  } catch (error) {
    // An operation was accepted at the same moment: the task is its matter now.
    if (!(error instanceof WriteConflict)) throw error;
    logger.info('A stopped task was left to an operation', { deploymentId: deployment.id });
    return 'ignored';
  }
}

/** The newest job of a deployment, if it lives and no operation is about to deal with it. */
export async function unattendedJob(
  { stores }: Platform,
  found: { readonly deploymentId: string; readonly jobNumber: number },
): Promise<{ readonly live: LiveJob; readonly deployment: Deployment } | undefined> {
  const named = await stores.jobs.get(found.deploymentId, found.jobNumber);
  if (liveJob(named) === undefined || named === undefined) return undefined;
  const deployment = await stores.deployments.get(named.namespace, named.deployment);
  const isTheirs = deployment?.status.jobNumber === named.number && deployment.status.operationId === null;
  if (deployment === undefined || !isTheirs) return undefined;
  // Behind the deployment once more: an operation may have ended the job between the two reads, and left both.
  const live = liveJob(await stores.jobs.get(found.deploymentId, found.jobNumber));
  return live === undefined ? undefined : { live, deployment };
}

async function act(
  platform: Platform,
  deployment: Deployment,
  live: LiveJob,
  recovery: Recovery,
): Promise<void> {
  const context = contextOf(platform, deployment);
  const { job, attempt } = live;
  if (recovery.kind !== 'recover') return end(context, deployment, job, recovery);
  const operation = await acceptOperation(platform, deployment, {
    plan: planOf('recover', deployment.name),
    actor: ACTOR,
    description: recovery.reason,
    writes: [
      context.event({
        name: 'task-lost',
        severity: 'warning',
        message: `Attempt ${attempt.number} of job ${job.number} was lost. ${recovery.reason}`,
        jobId: job.id,
      }),
    ],
  });
  logger.warn('A lost task is recovered', {
    operationId: operation.id,
    deploymentId: deployment.id,
    jobId: job.id,
    attempt: attempt.number,
  });
}

async function end(
  context: EndContext,
  deployment: Deployment,
  job: StoredJob,
  recovery: Recovery,
): Promise<void> {
  const state = recovery.kind === 'finished' ? 'finished' : 'failed';
  const { stores, newId } = context.platform;
  const keeping = { deployment, job, savepointId: newId(), actor: ACTOR };
  await stores.commit([
    ...(state === 'failed' ? await keepCheckpoint(context, keeping) : []),
    ...(await endJob(context, job, { state, reason: recovery.reason })),
    stores.deployments.replaced({
      ...deployment,
      status: {
        ...deployment.status,
        state,
        message: state === 'failed' ? recovery.reason : null,
        transitionedAt: context.at,
        conditions: [],
      },
      revision: deployment.revision + 1,
    }),
    ...clearedConditions(deployment, context.event),
    context.event({
      name: 'state-changed',
      severity: state === 'failed' ? 'error' : 'info',
      message: `${deploymentSentence(state)} ${recovery.reason}`,
      jobId: job.id,
      before: deployment.status.state,
      after: state,
    }),
  ]);
}

function contextOf(platform: Platform, deployment: Deployment): EndContext {
  const at = platform.now().toISOString();
  const event = (happening: Happening): Write =>
    platform.stores.events.appended(
      newEvent(
        {
          id: platform.newId(),
          at,
          actor: ACTOR,
          namespace: deployment.namespace,
          deployment: deployment.name,
          deploymentId: deployment.id,
        },
        happening,
      ),
    );
  return { platform, at, event };
}
