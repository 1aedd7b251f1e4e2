import type { OperationState } from '#contract/resources/operation.ts';

/** How the execution of an operation's workflow stands. */
export type ExecutionState = 'missing' | 'running' | 'succeeded' | 'failed';

/** An operation that has not ended. */
export interface ObservedOperation {
  readonly id: string;
  readonly namespace: string;
  readonly deploymentId: string;
  readonly state: OperationState;
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
  /** Undefined: ECS does not know the task any more. */
  readonly isTaskAlive: boolean | undefined;
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
  | { readonly kind: 'examine-job'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'note-silence'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'note-answer'; readonly deploymentId: string; readonly number: number }
  | { readonly kind: 'replace-silent'; readonly deploymentId: string; readonly number: number }
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
    ...observation.tasks.flatMap((task) => leftoverActions(task, observation)),
  ];
}

function operationActions(operation: ObservedOperation, nowMs: number): Action[] {
  const { id: operationId, namespace, execution } = operation;
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
  if (job.isTaskAlive !== true) return [{ kind: 'examine-job', deploymentId, number }];
  if (answers === undefined) return [];
  if (answers) return silentSinceMs === undefined ? [] : [{ kind: 'note-answer', deploymentId, number }];
  if (silentSinceMs === undefined) return [{ kind: 'note-silence', deploymentId, number }];
  return nowMs - silentSinceMs < SILENCE_MS ? [] : [{ kind: 'replace-silent', deploymentId, number }];
}

function leftoverActions(task: ObservedTask, { jobs, operations, nowMs }: Observation): Action[] {
  const owner = ownerOf(task.startedBy);
  if (owner === undefined || nowMs - task.createdAtMs < GRACE_MS) return [];
  const isWanted = jobs.some(
    (job) =>
      job.taskArn === task.arn ||
      (job.deploymentId === owner.deploymentId &&
        job.number === owner.jobNumber &&
        job.attempt === owner.attempt),
  );
  const isAwaited =
    owner.attempt === STANDBY_ATTEMPT &&
    operations.some(({ deploymentId }) => deploymentId === owner.deploymentId);
  return isWanted || isAwaited ? [] : [{ kind: 'stop-leftover', arn: task.arn, owner }];
}
