import { flinkId } from '../control/trigger-id.ts';
import { SavepointAnswer } from '../gateway/flink-answers.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { WriteConflict } from '../stores/database.ts';
import { ask, liveJob } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { nextJob } from './next-job.ts';
import { poll } from './poll.ts';
import { RetryableError } from './retryable-error.ts';
import { askStandby, runStandby, stopStandby, viewOfStandby } from './standby.ts';
import type { Standby } from './standby.ts';
import type { Step, StepContext, StepOutcome } from './step.ts';

/** After so long the job is stopped without a standby: a pause is better than no upgrade. */
const PATIENCE_MS = 120_000;
/** Each round leaves what has changed while the one before was read. */
const ROUNDS_MAX = 5;
const SHORT_ROUND_MS = 250;

/**
 * Starts the worker of the next job while the old one runs, and lets it read the state that there is: after the stop
 * only the rest of it is handed over.
 *
 * Nothing here touches the running job but checkpoints, and nothing that goes wrong fails the operation.
 */
export const prepareTask: Step = async (context) => {
  const live = liveJob(context.job);
  if (live === undefined) return { message: 'No job runs that could hand over.', isSkipped: true };
  try {
    const standby = await startedStandby(context);
    // State that is not taken along is not read either.
    const takesState = context.operation.replacement?.takesSavepoint !== false;
    const hasState = takesState && (await filled(context, live, standby));
    const { taskArn, address } = standby;
    return {
      message: `Task ${taskArn.split('/').at(-1)} waits to take over${hasState ? ', with most of the state' : ''}.`,
      change: { standby: { taskArn, address } },
    };
  } catch (error) {
    const isWaiting = error instanceof RetryableError && error.isWaiting && !isOverdue(context);
    // The other run of this step goes on with it.
    if (isWaiting || error instanceof WriteConflict) throw error;
    return giveUp(context, error);
  }
};

async function startedStandby(context: StepContext): Promise<Standby> {
  const { platform, operation } = context;
  const job = await nextJob(context);
  const taskArn = operation.standby?.taskArn ?? (await runStandby(context, job));
  if (operation.standby === undefined) await context.save({ standby: { taskArn, address: null } }, []);
  const probe = async (): Promise<Standby | undefined> => {
    const [task] = await platform.tasks.describe([taskArn]);
    if (task === undefined || task.status === 'stopped')
      throw new Error(`its task ended: ${task?.reason ?? 'ECS does not know it any more'}`);
    if (task.address === undefined) return undefined;
    const standby = { jobId: job.id, taskArn, address: task.address };
    const { state } = (await viewOfStandby(context, standby)) ?? { state: 'warming' };
    if (state === 'ended') throw new Error('it refused to run the program; its log has the reason');
    return state === 'warming' ? undefined : standby;
  };
  return poll(platform, 'the next worker', probe, Date.parse(context.at));
}

/** A standby that is still reading when time is over takes over with what it has. */
async function filled(context: StepContext, live: LiveJob, standby: Standby): Promise<boolean> {
  try {
    return await fill(context, live, standby);
  } catch (error) {
    if (!(error instanceof RetryableError) || !isOverdue(context)) throw error;
    return true;
  }
}

/**
 * Reads a checkpoint, then what the next ones have more; false where nothing was read. The job is asked for the first
 * one, too: from then on no checkpoint writes again what is read already.
 */
async function fill(context: StepContext, live: LiveJob, standby: Standby): Promise<boolean> {
  let hasRead = false;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (!(await checkpointed(context, live)) && round > 0) break;
    const durationMs = await readNewest(context, standby);
    if (durationMs === undefined) break;
    // A checkpoint may be collected while it is read; the next one is newer.
    if (durationMs === 'failed') continue;
    hasRead = true;
    if (durationMs < SHORT_ROUND_MS) break;
  }
  return hasRead;
}

/** How long it took; undefined where there is no checkpoint. */
async function readNewest(context: StepContext, standby: Standby): Promise<number | 'failed' | undefined> {
  const { platform, deployment } = context;
  const head = await platform.stores.heads.read(deployment.id);
  const location = head?.head.checkpoint?.manifest;
  if (location === undefined) return undefined;
  await askStandby(context, standby, { method: 'PUT', path: '/headwater/preload', body: { location } });
  const probe = async (): Promise<number | 'failed' | undefined> => {
    const { preload } = (await viewOfStandby(context, standby)) ?? {};
    if (preload?.state !== 'failed') return preload?.state === 'read' ? (preload.durationMs ?? 0) : undefined;
    logger.info('State was not read in advance', { location, reason: preload.failure });
    return 'failed';
  };
  return poll(platform, 'the next worker to read the state', probe, Date.parse(context.at));
}

/** Has the running job complete a checkpoint; false where it cannot. */
async function checkpointed({ platform, at }: StepContext, live: LiveJob): Promise<boolean> {
  const path = `/jobs/${live.job.id}/checkpoints`;
  const triggerId = flinkId(platform.newId());
  const { status } = await ask(platform, live, {
    method: 'POST',
    path,
    body: { triggerId, checkpointType: 'INCREMENTAL' },
  });
  if (status !== 202) return false;
  const probe = async (): Promise<boolean | undefined> => {
    const answer = await ask(platform, live, { method: 'GET', path: `${path}/${triggerId}` });
    if (answer.status !== 200) return false;
    const { status: progress, operation: outcome } = SavepointAnswer.parse(answer.body);
    if (progress.id !== 'COMPLETED') return undefined;
    return outcome?.['failure-cause'] === undefined;
  };
  try {
    return await poll(platform, 'a checkpoint', probe, Date.parse(at));
  } catch (error) {
    // What it has more by then comes with the savepoint; a job that is slow now is not waited for.
    if (error instanceof RetryableError) return false;
    throw error;
  }
}

async function giveUp(context: StepContext, error: unknown): Promise<StepOutcome> {
  const reason = error instanceof Error ? error.message : String(error);
  logger.info('No standby was prepared', errorFields(error));
  const taskArn = context.operation.standby?.taskArn;
  if (taskArn !== undefined) await stopStandby(context, taskArn, 'it was not ready in time');
  return {
    message: `The next worker is started after the job has stopped: ${reason}.`,
    change: { standby: undefined },
    isSkipped: true,
  };
}

function isOverdue({ operation, step, platform }: StepContext): boolean {
  const startedAt = operation.steps.find(({ name }) => name === step.step)?.startedAt ?? null;
  return startedAt !== null && platform.now().getTime() - Date.parse(startedAt) > PATIENCE_MS;
}
