import { invariant } from '../middleware/invariant.ts';
import { handOver } from './hand-over.ts';
import { launchTask } from './launch-task.ts';
import { liveJob } from './live-task.ts';
import type { Step } from './step.ts';

/** Starts the task that hosts the newest attempt, and records its ARN; where one waits for it, hands the attempt over. */
export const startTask: Step = async (context) => {
  const live = liveJob(context.job);
  invariant(live !== undefined, 'an epoch was claimed before the task is started');
  const handedOver = await handOver(context, live);
  if (handedOver !== undefined) return handedOver;
  if (live.attempt.taskArn !== null) return { message: `Task ${live.attempt.taskArn} was started before.` };
  const job = await launchTask(context, live);
  const arn = job.attempts.at(-1)?.taskArn ?? '';
  return {
    message: `Started task ${arn.split('/').at(-1)}.`,
    writes: [
      context.platform.stores.jobs.replaced(job),
      context.event({
        name: 'attempt-started',
        message: `Attempt ${live.attempt.number} of job ${job.number} was started.`,
        jobId: job.id,
      }),
    ],
  };
};
