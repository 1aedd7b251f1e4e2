import { Problem } from '#contract/problems.ts';
import { SavepointAnswer } from '../gateway/flink-answers.ts';
import { flinkId } from '../control/trigger-id.ts';
import { invariant } from '../middleware/invariant.ts';
import type { SavepointFiles } from '../stores/job-files.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { completeSavepoint } from './complete-savepoint.ts';
import { ask, liveJob, taskOf } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { poll } from './poll.ts';
import { RetryableError } from './retryable-error.ts';
import type { Step, StepContext, StepOutcome } from './step.ts';
import { howOf, triggerSavepoint } from './trigger-savepoint.ts';

/** Waits for the savepoint. The job tells how it goes; when it is gone, the files in the bucket do. */
export const awaitSavepoint: Step = async (context) => {
  const { platform, operation } = context;
  const live = liveJob(context.job);
  const { savepointId, deploymentId } = operation;
  if (savepointId === null && operation.replacement?.takesSavepoint === false)
    return { message: 'No savepoint is taken.', isSkipped: true };
  invariant(savepointId !== null && live !== undefined, 'the savepoint was triggered on a live job');
  const savepoint = await platform.stores.savepoints.get(deploymentId, savepointId);
  invariant(savepoint !== undefined, 'a savepoint is written before it is triggered');
  if (savepoint.state === 'completed') return { message: `Savepoint ${savepointId} was completed before.` };
  return poll(platform, 'the savepoint', () => observeSavepoint(context, live, savepoint));
};

async function observeSavepoint(
  context: StepContext,
  live: LiveJob,
  savepoint: StoredSavepoint,
): Promise<StepOutcome | undefined> {
  const { platform } = context;
  const path = `/jobs/${live.job.id}/savepoints/${savepoint.triggerId}`;
  const { status, body } = await ask(platform, live, { method: 'GET', path });
  if (status === 200) return answered(context, live, savepoint, SavepointAnswer.parse(body));
  const files = await platform.stores.jobFiles.savepoint(savepoint.location);
  if (files !== undefined) return completed(context, savepoint, files);
  if (status === 404) {
    // The worker has restarted and forgotten the trigger, which takes the savepoint with it.
    await triggerSavepoint(platform, live, savepoint, howOf(context));
    return undefined;
  }
  const task = await taskOf(platform, live.attempt);
  if (task !== undefined && task.status !== 'stopped') return undefined;
  throw savepointFailed(savepoint, 'the task of its job ended before it was complete');
}

async function answered(
  context: StepContext,
  live: LiveJob,
  savepoint: StoredSavepoint,
  answer: SavepointAnswer,
): Promise<StepOutcome | undefined> {
  if (answer.status.id !== 'COMPLETED') return undefined;
  const location = answer.operation?.location;
  if (location !== undefined) {
    const files = await context.platform.stores.jobFiles.savepoint(location);
    if (files === undefined) throw savepointFailed(savepoint, `nothing complete lies at ${location}`);
    return completed(context, savepoint, files);
  }
  const cause = answer.operation?.['failure-cause'];
  const reason = (cause?.['stack-trace'] ?? cause?.class ?? 'the job gave no reason').split('\n', 1)[0] ?? '';
  return tryAgain(context, live, savepoint, reason);
}

function completed(context: StepContext, savepoint: StoredSavepoint, files: SavepointFiles): StepOutcome {
  return {
    message: `Savepoint ${savepoint.id} holds ${files.sizeBytes} bytes.`,
    writes: completeSavepoint(context, savepoint, files),
  };
}

/** Another try has another trigger id and folder; the last one's failure is that of the savepoint. */
async function tryAgain(
  context: StepContext,
  live: LiveJob,
  savepoint: StoredSavepoint,
  reason: string,
): Promise<never> {
  const { platform } = context;
  if (savepoint.tries >= live.job.spec.limits.maxSavepointCreationAttempts) {
    throw savepointFailed(savepoint, reason);
  }
  const tries = savepoint.tries + 1;
  const next: StoredSavepoint = {
    ...savepoint,
    tries,
    triggerId: flinkId(platform.newId()),
    location: `${savepoint.location.replace(/-try-\d+$/, '')}-try-${tries}`,
  };
  await context.save({}, [platform.stores.savepoints.written(next)]);
  await triggerSavepoint(platform, live, next, howOf(context));
  throw new RetryableError(`Try ${savepoint.tries} failed: ${reason}`);
}

function savepointFailed(savepoint: StoredSavepoint, reason: string): Problem {
  return new Problem(
    'savepoint-failed',
    `Cannot take savepoint ${savepoint.id} of deployment "${savepoint.deployment}": ${reason}`,
  );
}
