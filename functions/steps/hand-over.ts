import { restoreOf } from '../control/worker-settings.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { LiveJob } from './live-task.ts';
import { RetryableError } from './retryable-error.ts';
import { askStandby, stopStandby } from './standby.ts';
import type { StepContext, StepOutcome } from './step.ts';

/**
 * Lets the standby of the operation be the attempt; undefined where there is none, and a task must be started.
 *
 * The task is written down before it hears of the epoch: an epoch is given to one process, whatever becomes of it. If it
 * cannot take over any more, its task is stopped, and whoever waits for the job begins another attempt.
 */
export async function handOver(context: StepContext, live: LiveJob): Promise<StepOutcome | undefined> {
  const { standby } = context.operation;
  const { taskArn } = live.attempt;
  if (standby === undefined || standby.address === null) return undefined;
  if (taskArn !== null && taskArn !== standby.taskArn) return undefined;
  const { address } = standby;
  const job = taskArn === null ? await assigned(context, live, { ...standby, address }) : live.job;
  const answer = await askStandby(
    context,
    { jobId: job.id, address },
    { method: 'POST', path: '/headwater/begin', body: await beginBody(context, live) },
  );
  if (answer.status === 200) return { message: `Task ${lastOf(standby.taskArn)} has taken over.` };
  const [task] = await context.platform.tasks.describe([standby.taskArn]);
  const isGone = task === undefined || task.status === 'stopped';
  if (!isGone && (answer.status === 0 || answer.status >= 500))
    throw new RetryableError(`The standby did not take over: status ${answer.status}`);
  if (!isGone) await stopStandby(context, standby.taskArn, 'it cannot take over');
  return { message: `Task ${lastOf(standby.taskArn)} cannot take over any more; another one is started.` };
}

async function assigned(
  context: StepContext,
  { job, attempt }: LiveJob,
  { taskArn, address }: { readonly taskArn: string; readonly address: string },
): Promise<StoredJob> {
  const attempts = job.attempts.map((one) => (one.number === attempt.number ? { ...one, taskArn } : one));
  const next = { ...job, attempts, address, revision: job.revision + 1 };
  await context.save({}, [
    context.platform.stores.jobs.replaced(next),
    context.event({
      name: 'attempt-started',
      message: `Attempt ${attempt.number} of job ${job.number} is handed to a worker that waits.`,
      jobId: job.id,
    }),
  ]);
  return next;
}

async function beginBody({ platform }: StepContext, { job, attempt }: LiveJob): Promise<object> {
  const restore = restoreOf(job, attempt, {
    hasCheckpoint: false,
    keyOf: platform.stores.jobFiles.keyOf,
  });
  return { epoch: attempt.epoch, restore };
}

function lastOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
