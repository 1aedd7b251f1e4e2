import { poll } from './poll.ts';
import type { Step } from './step.ts';

/**
 * Stops the task of the job before. That job has ended: a savepoint was its last act, and its epoch is no longer the
 * deployment's, so its process is awaited while the new job runs already.
 */
export const retireTask: Step = async ({ platform, operation, deployment }) => {
  const number = operation.replacement?.replaces ?? null;
  const before = number === null ? undefined : await platform.stores.jobs.get(deployment.id, number);
  const taskArn = before?.attempts.at(-1)?.taskArn ?? null;
  if (before === undefined || taskArn === null)
    return { message: 'There is no task of an earlier job.', isSkipped: true };
  await platform.tasks.stop(taskArn, `${operation.kind} ${operation.id}`);
  return poll(platform, 'the task of the earlier job to stop', async () => {
    const [task] = await platform.tasks.describe([taskArn]);
    if (task !== undefined && task.status !== 'stopped') return undefined;
    return { message: `No process of job ${before.number} is left.` };
  });
};
