import { examineJob } from '../events/examine-job.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { liveJob, taskOf } from './live-task.ts';
import type { StepContext } from './step.ts';

/**
 * Has a job examined whose process ended while a failed operation held it.
 *
 * The event of its task came and went during the operation, so without this nobody looks before the next sweep.
 */
export async function examineLostSoon({ platform, operation, job }: StepContext): Promise<void> {
  const live = liveJob(job);
  if (live === undefined) return;
  try {
    const task = await taskOf(platform, live.attempt);
    if (task !== undefined && task.status !== 'stopped') return;
    await examineJob(platform, { deploymentId: operation.deploymentId, jobNumber: live.job.number }, task);
  } catch (error) {
    logger.warn('A job was not examined after a failed operation; the sweep will do it', errorFields(error));
  }
}
