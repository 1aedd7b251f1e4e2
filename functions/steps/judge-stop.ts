import { decideRecovery, triesSince } from '../control/decide-recovery.ts';
import type { Recovery } from '../control/decide-recovery.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { TaskView } from './tasks.ts';

/** How a task ended, as far as ECS still knows. */
export type EndedTask = Pick<TaskView, 'arn' | 'exitCode' | 'reason' | 'isInfrastructure'>;

/** Loads what is known of a stopped task and decides what becomes of its job. */
export async function judgeStop(
  { stores, now }: Platform,
  job: StoredJob,
  task: EndedTask | undefined,
): Promise<Recovery> {
  const [end, head] = await Promise.all([
    stores.jobFiles.end(job.deploymentId, job.id),
    stores.heads.read(job.deploymentId),
  ]);
  return decideRecovery({
    exitCode: task?.exitCode ?? null,
    reason: task === undefined ? 'ECS does not know it any more' : task.reason,
    isInfrastructure: task?.isInfrastructure ?? false,
    end: end && { state: end.state, ...(end.failure ? { message: end.failure.message } : {}) },
    triesStartedAt: triesSince(job.tries, head?.head.checkpoint?.id ?? null),
    nowMs: now().getTime(),
    maxAttempts: job.spec.limits.maxJobCreationAttempts,
    attemptExpiry: job.spec.limits.attemptExpiry,
  });
}
