import { Problem } from '#contract/problems.ts';
import type { ProblemBody } from '#contract/problems.ts';
import { judgeFailure } from '../control/judge-failure.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import { nextStatus } from '../control/next-status.ts';
import type { NextStatus } from '../control/next-status.ts';
import { deploymentSentence } from '../control/state-sentences.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { completeSavepoint } from '../steps/complete-savepoint.ts';
import { endJob } from './end-job.ts';
import { followWithRollback, UPGRADE_ACTOR } from './follow-with-rollback.ts';
import { keepLast } from '../savepoints/keep-checkpoint.ts';
import { liveJob, taskOf } from '../steps/live-task.ts';
import type { LiveJob } from '../steps/live-task.ts';
import { settle } from './settle.ts';
import { stopStandby } from '../steps/standby.ts';
import type { StepContext, StepOutcome } from '../steps/step.ts';
import { undoChange } from './undo-change.ts';

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
  const isSavepointComplete = savepoint?.state === 'completed' || files !== undefined;
  const judgement = judgeReplacement(context, isSavepointComplete);
  const next = nextStatus({
    kind: operation.kind,
    succeeded: false,
    isTaskAlive: live !== undefined && (await isAlive(platform, live)),
    isSavepointComplete,
    isUntouched: judgement === 'untouched',
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
  const after = await afterwards(context, { judgement, next, problem, isSavepointComplete });
  return {
    message: after.message,
    change: { state: 'failed', endedAt: context.at, problem, followedBy: after.followUp?.id ?? null },
    writes: [...writes, ...after.writes, failedEvent(context, problem)],
    ...(after.followUp === undefined ? {} : { followUp: after.followUp }),
  };
}

interface Afterwards {
  readonly message: string;
  readonly writes: readonly Write[];
  readonly followUp?: AcceptedOperation;
}

/** What the deployment is then; or the operation that brings it back. */
async function afterwards(
  context: StepContext,
  failed: {
    readonly judgement: ReturnType<typeof judgeReplacement>;
    readonly next: NextStatus;
    readonly problem: ProblemBody;
    readonly isSavepointComplete: boolean;
  },
): Promise<Afterwards> {
  const { operation, platform } = context;
  const { judgement, next, problem, isSavepointComplete } = failed;
  const reason = causeOf(context, problem);
  const replaces = operation.replacement?.replaces ?? null;
  const isUndone = judgement === 'untouched' || judgement === 'rollback';
  const undone = isUndone ? undoChange(context, reason) : { deployment: context.deployment, writes: [] };
  const before =
    judgement === 'rollback' && replaces !== null
      ? await platform.stores.jobs.get(operation.deploymentId, replaces)
      : undefined;
  if (before === undefined) {
    const { deployment } = undone;
    return {
      message: deploymentSentence(next.state),
      writes: [...undone.writes, ...settle(context, next, { message: reason, deployment })],
    };
  }
  const hasSavepoint = isSavepointComplete;
  const followUp = await followWithRollback(context, undone.deployment, { before, reason, hasSavepoint });
  const replaced = { ...followUp.deployment, revision: context.deployment.revision + 1 };
  return {
    message: `The deployment goes back to what job ${before.number} ran.`,
    writes: [...undone.writes, platform.stores.deployments.replaced(replaced), ...followUp.writes],
    followUp: followUp.operation,
  };
}

function judgeReplacement({ operation, job }: StepContext, isSavepointComplete: boolean) {
  const { replacement, before, kind, steps, id } = operation;
  if (replacement === null || before === null) return undefined;
  return judgeFailure({
    kind,
    steps,
    isClaimed: job?.claimedBy === id,
    isSavepointComplete,
    before: before.state,
    rollback: replacement.spec.upgradeStrategy.rollback,
  });
}

/** Of a rollback that nobody asked for, also why it was begun. */
function causeOf({ operation }: StepContext, problem: ProblemBody): string {
  const isOwn = operation.kind === 'rollback' && operation.actor === UPGRADE_ACTOR;
  return isOwn
    ? `${problem.detail} It was to undo an upgrade: ${operation.request.description}`
    : problem.detail;
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
  const kept = next.jobState === 'failed' ? await keepLast(context) : [];
  const ended = await endJob(context, live.job, {
    state: next.jobState ?? 'failed',
    reason: problem.detail,
    failure: { message: problem.detail, reason: problem.code },
  });
  return [...kept, ...ended];
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
