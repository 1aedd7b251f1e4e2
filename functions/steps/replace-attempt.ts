/** Another attempt of a job whose task has ended while its operation was under way. */
import { invariant } from '../middleware/invariant.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { nextAttempt } from './claim-epoch.ts';
import { launchTask } from './launch-task.ts';
import { liveJob } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { RetryableError } from './retryable-error.ts';
import type { StepContext } from './step.ts';

/** Claims it and starts its task; the next run of the step waits for it. `reason` says what ended the one before. */
export async function replaceAttempt(
  context: StepContext,
  { job, attempt }: LiveJob,
  reason: string,
): Promise<never> {
  const claimed = await nextAttempt(context, job, reason);
  await context.save({}, [
    context.platform.stores.jobs.replaced(claimed),
    context.event({
      name: 'attempt-ended',
      severity: 'warning',
      message: `Attempt ${attempt.number} of job ${job.number} has ended. ${reason}`,
      jobId: job.id,
    }),
  ]);
  return startClaimed(context, claimed);
}

/** Starts the task of an attempt that was claimed, by this run of the step or by one before it. */
export async function startClaimed(context: StepContext, claimed: StoredJob): Promise<never> {
  const next = liveJob(claimed);
  invariant(next !== undefined, 'a job that was claimed is live');
  const launched = await launchTask(context, next);
  await context.save({}, [context.platform.stores.jobs.replaced(launched)]);
  throw new RetryableError(`Attempt ${next.attempt.number} was started`);
}
