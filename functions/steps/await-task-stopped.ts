import { attemptToEnd, taskOf } from './live-task.ts';
import { poll } from './poll.ts';
import type { Step } from './step.ts';

/** Waits until no process of the job is left. */
export const awaitTaskStopped: Step = async (context) => {
  const { platform, job } = context;
  const attempt = attemptToEnd(context);
  if (attempt === undefined || attempt.taskArn === null) {
    return { message: 'There is no task.', isSkipped: true };
  }
  return poll(platform, 'the task to stop', async () => {
    const task = await taskOf(platform, attempt);
    if (task !== undefined && task.status !== 'stopped') return undefined;
    return { message: `No process of job ${job?.number} is left.` };
  });
};
