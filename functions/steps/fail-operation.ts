import { Problem } from '#contract/problems.ts';
import type { ProblemBody } from '#contract/problems.ts';
import { nextStatus } from '../control/next-status.ts';
import type { NextStatus } from '../control/next-status.ts';
import { deploymentSentence } from '../control/state-sentences.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { completeSavepoint } from './complete-savepoint.ts';
import { endJob } from './end-job.ts';
import { liveJob, taskOf } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { settle } from './settle.ts';
import { stopStandby } from './standby.ts';
import type { StepContext, StepOutcome } from './step.ts';

/**
 * Ends a failed operation in a stated status; the reason stays in operation, savepoint, job and deployment.
 *
 * `caught` is what the state machine caught, for an operation whose step could not say anything itself.
 */
export async function stateFailure(context: StepContext, caught: string | undefined): Promise<StepOutcome> {
  const { operation, platform } = context;
  const problem = operation.problem ?? unknownProblem(context, caught);
  const live = liveJob(context.job);
  const savepoint =
    operation.savepointId === null
      ? undefined
      : await platform.stores.savepoints.get(operation.deploymentId, operation.savepointId);
  // What the job could not tell any more, the bucket does: a savepoint that is whole is kept and used.
  const files =
    savepoint?.state === 'started' ? await platform.stores.jobFiles.savepoint(savepoint.location) : undefined;
  const next = nextStatus({
    kind: operation.kind,
    succeeded: false,
    isTaskAlive: live !== undefined && (await isAlive(platform, live)),
    isSavepointComplete: savepoint?.state === 'completed' || files !== undefined,
    before: operation.before,
  });
  const writes: Write[] = [];
  if (savepoint?.state === 'started')
    writes.push(
      ...(files === undefined
        ? failSavepoint(context, savepoint, problem)
        : completeSavepoint(context, savepoint, files)),
    );
  if (live !== undefined && next.jobState !== null)
    writes.push(...(await ending(context, live, next, problem)));
  await stopUnused(context, live);
  return {
    message: deploymentSentence(next.state),
    change: { state: 'failed', endedAt: context.at, problem },
    writes: [...writes, ...settle(context, next, problem.detail), failedEvent(context, problem)],
  };
}

/** A worker that was to take over, and nobody needs any more. */
async function stopUnused(context: StepContext, live: LiveJob | undefined): Promise<void> {
  const { id, standby } = context.operation;
  if (standby !== undefined && standby.taskArn !== live?.attempt.taskArn)
    await stopStandby(context, standby.taskArn, `operation ${id} failed`);
}

function failSavepoint(context: StepContext, savepoint: StoredSavepoint, problem: ProblemBody): Write[] {
  const failure = { message: problem.detail, reason: problem.code, at: context.at };
  return [
    context.platform.stores.savepoints.written({ ...savepoint, state: 'failed', failure }),
    context.event({ name: 'savepoint-failed', severity: 'error', message: problem.detail }),
  ];
}

function failedEvent(context: StepContext, problem: ProblemBody): Write {
  return context.event({
    name: 'operation-failed',
    severity: 'error',
    message: problem.detail,
    jobId: context.operation.jobId,
  });
}

async function ending(
  context: StepContext,
  live: LiveJob,
  next: NextStatus,
  problem: ProblemBody,
): Promise<Write[]> {
  await stopQuietly(context, live);
  return endJob(context, live.job, {
    state: next.jobState ?? 'failed',
    reason: problem.detail,
    failure: { message: problem.detail, reason: problem.code },
  });
}

/** The epoch fences a task that cannot be stopped now, and the sweep stops it later. */
async function stopQuietly({ platform, operation }: StepContext, { attempt }: LiveJob): Promise<void> {
  if (attempt.taskArn === null) return;
  try {
    await platform.tasks.stop(attempt.taskArn, `operation ${operation.id} failed`);
  } catch (error) {
    logger.warn('A task was not stopped; the sweep will stop it', errorFields(error));
  }
}

async function isAlive(platform: Platform, { attempt }: LiveJob): Promise<boolean> {
  const task = await taskOf(platform, attempt);
  return task !== undefined && task.status !== 'stopped';
}

function unknownProblem({ operation, deployment }: StepContext, caught: string | undefined): ProblemBody {
  const reason = caught ?? 'its workflow ended without a word';
  const message = `Cannot ${operation.kind} deployment "${deployment.name}": ${reason}`;
  return new Problem('internal', message).toBody();
}
