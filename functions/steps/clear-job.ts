import { ask, liveJob, taskOf } from './live-task.ts';
import { poll } from './poll.ts';
import type { Step } from './step.ts';

/**
 * Ends a job that no savepoint has ended. It may be gone or deaf: its task is stopped in any case, and awaited, since
 * until then it could act on the world.
 */
export const clearJob: Step = async ({ platform, operation, job }) => {
  const live = liveJob(job);
  if (live === undefined) return { message: 'There is no live job.', isSkipped: true };
  if (operation.savepointId !== null) return { message: 'The savepoint was its last act.', isSkipped: true };
  const { taskArn } = live.attempt;
  if (taskArn === null) return { message: 'There is no task.', isSkipped: true };
  const path = `/jobs/${live.job.id}?mode=cancel`;
  await ask(platform, live, { method: 'PATCH', path, body: {} });
  await platform.tasks.stop(taskArn, `${operation.kind} ${operation.id}`);
  return poll(platform, 'the task to stop', async () => {
    const task = await taskOf(platform, live.attempt);
    if (task !== undefined && task.status !== 'stopped') return undefined;
    return { message: `No process of job ${live.job.number} is left.` };
  });
};
