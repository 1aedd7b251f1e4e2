import { liveJob, taskOf } from './live-task.ts';
import { poll } from './poll.ts';
import type { Step } from './step.ts';

/** Waits until no process of the job is left. */
export const awaitTaskStopped: Step = async ({ platform, job }) => {
  const live = liveJob(job);
  if (live === undefined || live.attempt.taskArn === null) {
    return { message: 'There is no task.', isSkipped: true };
  }
  return poll(platform, 'the task to stop', async () => {
    const task = await taskOf(platform, live.attempt);
    if (task !== undefined && task.status !== 'stopped') return undefined;
    return { message: `No process of job ${live.job.number} is left.` };
  });
};
