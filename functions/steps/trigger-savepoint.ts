import { Problem } from '#contract/problems.ts';
import { TriggerAnswer } from '../gateway/flink-answers.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { ask, taskOf } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { RetryableError } from './retryable-error.ts';
import type { StepContext } from './step.ts';

/** What becomes of the job behind the savepoint. */
export interface SavepointHow {
  readonly stop: boolean;
  /** Only with a stop: all windows fire before it. */
  readonly drain: boolean;
}

/** As the operation wants it. */
export function howOf({ operation }: StepContext): SavepointHow {
  // Of all kinds that take one, only this lets the job go on.
  const stop = operation.kind !== 'savepoint';
  return { stop, drain: operation.kind === 'drain' || operation.request.drain };
}

/**
 * Asks the job for a savepoint, which a stop makes its last act.
 *
 * The trigger id is ours, so asking again after a crash means the same savepoint and not a second one.
 */
export async function triggerSavepoint(
  platform: Platform,
  live: LiveJob,
  savepoint: StoredSavepoint,
  how: SavepointHow,
): Promise<void> {
  const path = `/jobs/${live.job.id}`;
  const { location, triggerId } = savepoint;
  // Flink spells the members of these two in two ways.
  const answer = await ask(
    platform,
    live,
    how.stop
      ? {
          method: 'POST',
          path: `${path}/stop`,
          body: { targetDirectory: location, drain: how.drain, triggerId },
        }
      : {
          method: 'POST',
          path: `${path}/savepoints`,
          body: { 'target-directory': location, 'cancel-job': false, triggerId },
        },
  );
  if (answer.status === 202 && TriggerAnswer.safeParse(answer.body).success) return;
  const said = `status ${answer.status}: ${textOf(answer.body)}`;
  if (answer.status === 0) await refuseWithoutTask(platform, live);
  if (answer.status === 0 || answer.status >= 500) {
    throw new RetryableError(`Job ${live.job.number} did not take the request for a savepoint, ${said}`);
  }
  throw new Problem(
    'savepoint-failed',
    `Cannot take a savepoint of deployment "${live.job.deployment}": job ${live.job.number} refused it with ${said}`,
  );
}

/** A job whose process is gone takes no request however often it is asked, and waits for this operation to end. */
async function refuseWithoutTask(platform: Platform, { job, attempt }: LiveJob): Promise<void> {
  const task = await taskOf(platform, attempt);
  if (task !== undefined && task.status !== 'stopped') return;
  const ended = task?.reason ? `its task ended (${task.reason})` : 'its task is gone';
  throw new Problem(
    'savepoint-failed',
    `Cannot take a savepoint of deployment "${job.deployment}": job ${job.number} does not answer, ${ended}; try again when it has been recovered`,
  );
}

function textOf(body: unknown): string {
  return (typeof body === 'string' ? body : (JSON.stringify(body) ?? 'no body')).slice(0, 500);
}
