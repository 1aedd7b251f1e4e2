import type { OperationState } from '#contract/resources/operation.ts';

/** How the execution of an operation's workflow stands. */
export type ExecutionState = 'missing' | 'running' | 'succeeded' | 'failed';

/** An operation that has not ended. */
export interface ObservedOperation {
  readonly id: string;
  readonly namespace: string;
  readonly deploymentId: string;
  readonly state: OperationState;
  readonly deployment: string;
  readonly createdAtMs: number;
  readonly execution: ExecutionState;
}

/** A job that has not ended, with the task that should host it. */
export interface ObservedJob {
  readonly deploymentId: string;
  readonly number: number;
  readonly attempt: number;
  /** That of its newest attempt. */
  readonly taskArn: string | null;
  readonly hasActiveOperation: boolean;
  /** Its deployment has another job, none, or is gone. */
  readonly isUnwanted?: boolean;
  /** Undefined: ECS does not know the task any more. */
  readonly isTaskAlive: boolean | undefined;
  /** It runs something else than what its deployment says, and may be given that. */
  readonly isDrifting?: boolean;
  /** Whether its REST API answers. Undefined: it was not asked, or could not be. */
  readonly answers: boolean | undefined;
  /** When a sweep first found it silent; undefined when it answered the last one. */
  readonly silentSinceMs: number | undefined;
}

/** A task of ours that runs. */
export interface ObservedTask {
  readonly arn: string;
  readonly startedBy: string;
  readonly createdAtMs: number;
}

/** All that a sweep has seen. */
export interface Observation {
  readonly nowMs: number;
  readonly operations: readonly ObservedOperation[];
  readonly jobs: readonly ObservedJob[];
  readonly tasks: readonly ObservedTask[];
}

/** What a sweep does. */
export type Action =
  | { readonly kind: 'start-execution'; readonly operationId: string; readonly namespace: string }
  | { readonly kind: 'fail-operation'; readonly operationId: string; readonly namespace: string }
  | { readonly kind: 'begin-queued'; readonly namespace: string; readonly deployment: string }
  | { readonly kind: 'end-zombie'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'examine-job'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'note-silence'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'note-answer'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'replace-silent'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'bring-change'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'stop-leftover'; readonly arn: string; readonly owner: TaskOwner };

/** Which attempt a task belongs to. */
export interface TaskOwner {
  readonly deploymentId: string;
  readonly jobNumber: number;
  readonly attempt: number;
}

// Whoever accepts an operation starts its execution within the same second; a minute later it never will.
const GRACE_MS = 30_000;
// Two sweeps in a row find it silent: one may meet a long garbage collection or a lost packet.
const SILENCE_MS = 50_000;
const STARTED_BY = /^headwater\/([0-9a-z]{26})\/(\d+)-(\d+)$/;

/** In the mark of a task that waits to be the first attempt of a job to come. */
export const STANDBY_ATTEMPT = 0;

/** `startedBy` of an attempt's task: at most 128 characters, and the only mark by which a task is ours. */
export function startedBy(owner: TaskOwner): string {
  return `headwater/${owner.deploymentId}/${owner.jobNumber}-${owner.attempt}`;
}

/** The attempt that a task was started for; undefined for a task that is not ours. */
export function ownerOf(startedBy: string): TaskOwner | undefined {
  const [, deploymentId, jobNumber, attempt] = STARTED_BY.exec(startedBy) ?? [];
  if (deploymentId === undefined) return undefined;
  return { deploymentId, jobNumber: Number(jobNumber), attempt: Number(attempt) };
}

/**
 * The differences between what should be and what is, as actions.
 *
 * An operation that begins while the sweep looks is never disturbed: jobs with an operation are left to it, and
 * young operations and tasks are left alone.
 */
export function observe(observation: Observation): Action[] {
  return [
    ...observation.operations.flatMap((operation) => operationActions(operation, observation.nowMs)),
    ...observation.jobs.flatMap((job) => jobActions(job, observation.nowMs)),
    ...leftoverActions(observation),
  ];
}

function operationActions(operation: ObservedOperation, nowMs: number): Action[] {
  const { id: operationId, namespace, deployment, execution } = operation;
  // It has no execution before its turn comes; whether it has come is found out by who takes it.
  if (operation.state === 'queued') return [{ kind: 'begin-queued', namespace, deployment }];
  if (nowMs - operation.createdAtMs < GRACE_MS) return [];
  switch (execution) {
    case 'missing':
      return [{ kind: 'start-execution', operationId, namespace }];
    case 'failed':
    // The last step ends the operation, so an execution that succeeded without that has lost its way.
    case 'succeeded':
      return [{ kind: 'fail-operation', operationId, namespace }];
    case 'running':
      return [];
  }
}

/** A process that hangs or is frozen keeps its task alive, so a job must also answer. */
function jobActions(job: ObservedJob, nowMs: number): Action[] {
  const { deploymentId, number, answers, silentSinceMs } = job;
  if (job.hasActiveOperation) return [];
  if (job.isUnwanted === true) return [{ kind: 'end-zombie', deploymentId, number }];
  if (job.isTaskAlive !== true) return [{ kind: 'examine-job', deploymentId, number }];
  if (answers === undefined) return [];
  if (answers && job.isDrifting === true) return [{ kind: 'bring-change', deploymentId, number }];
  if (answers) return silentSinceMs === undefined ? [] : [{ kind: 'note-answer', deploymentId, number }];
  if (silentSinceMs === undefined) return [{ kind: 'note-silence', deploymentId, number }];
  return nowMs - silentSinceMs < SILENCE_MS ? [] : [{ kind: 'replace-silent', deploymentId, number }];
}

/**
 * Tasks that no job needs: of attempts that have ended, and second ones of the same attempt.
 *
 * An attempt without a task on record is about to be started: whatever runs for it may be the one.
 */
function leftoverActions({ tasks, jobs, operations, nowMs }: Observation): Action[] {
  const arns = new Set(jobs.map(({ taskArn }) => taskArn));
  const starting = new Set(
    jobs
      .filter(({ taskArn }) => taskArn === null)
      .map(({ deploymentId, number, attempt }) => startedBy({ deploymentId, jobNumber: number, attempt })),
  );
  const busy = new Set(operations.map(({ deploymentId }) => deploymentId));
  return tasks.flatMap((task) => {
    const owner = ownerOf(task.startedBy);
    if (owner === undefined || nowMs - task.createdAtMs < GRACE_MS) return [];
    const isWanted = arns.has(task.arn) || starting.has(task.startedBy);
    const isAwaited = owner.attempt === STANDBY_ATTEMPT && busy.has(owner.deploymentId);
    return isWanted || isAwaited ? [] : [{ kind: 'stop-leftover', arn: task.arn, owner }];
  });
}
