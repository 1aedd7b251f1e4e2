import type { DeploymentState, DesiredState } from '#contract/resources/deployment-state.ts';
import type { JobState } from '#contract/resources/job.ts';
import type { OperationKind } from '#contract/resources/operation.ts';

/** What a deployment and its job are when an operation has ended. */
export interface NextStatus {
  readonly state: DeploymentState;
  readonly desiredState: DesiredState;
  /** Null: the job stays as it is. */
  readonly jobState: JobState | null;
}

/** How an operation ended. */
export interface OperationEnd {
  readonly kind: OperationKind;
  readonly succeeded: boolean;
  /** Of a failed one: whether the job's task is still there. */
  readonly isTaskAlive: boolean;
  /** A savepoint that completed is kept and used, even when what followed it failed. */
  readonly isSavepointComplete: boolean;
  /** Of one that was to replace a job: the job before never noticed. */
  readonly isUntouched?: boolean;
  /** What the deployment was before; a deletion leaves it so, and so does what touched nothing. */
  readonly before?: Pick<NextStatus, 'state' | 'desiredState'> | null | undefined;
}

/**
 * The status in which an operation leaves its deployment; never `transitioning`.
 *
 * A suspend that failed before its savepoint was complete leaves the job running. After it the job has ended by
 * itself, so the deployment counts as suspended as soon as no process is left, and as failed until then.
 */
export function nextStatus(end: OperationEnd): NextStatus {
  const { kind } = end;
  if (kind === 'delete' || (!end.succeeded && end.isUntouched === true)) return asBefore(end);
  return end.succeeded ? afterSuccess(kind) : afterFailure({ ...end, kind });
}

/** As if the operation had never been. */
function asBefore({ before }: OperationEnd): NextStatus {
  return {
    state: before?.state ?? 'cancelled',
    desiredState: before?.desiredState ?? 'cancelled',
    jobState: null,
  };
}

function afterSuccess(kind: Exclude<OperationKind, 'delete'>): NextStatus {
  switch (kind) {
    case 'start':
    case 'recover':
    case 'upgrade':
    case 'rollback':
    case 'restart':
    case 'reset':
    case 'migrate':
    case 'fork':
      return { state: 'running', desiredState: 'running', jobState: 'running' };
    case 'drain':
      return { state: 'finished', desiredState: 'running', jobState: 'finished' };
    case 'suspend':
      return { state: 'suspended', desiredState: 'suspended', jobState: 'terminated' };
    case 'cancel':
      return { state: 'cancelled', desiredState: 'cancelled', jobState: 'terminated' };
    case 'savepoint':
    case 'rescale':
      return { state: 'running', desiredState: 'running', jobState: null };
  }
}

function afterFailure(end: OperationEnd & { readonly kind: Exclude<OperationKind, 'delete'> }): NextStatus {
  switch (end.kind) {
    case 'start':
    case 'recover':
    case 'upgrade':
    case 'rollback':
    case 'restart':
    case 'reset':
    case 'migrate':
    case 'fork':
      return { state: 'failed', desiredState: 'running', jobState: 'failed' };
    case 'savepoint':
    case 'rescale':
      return { state: 'running', desiredState: 'running', jobState: null };
    case 'drain': {
      if (!end.isSavepointComplete) return { state: 'running', desiredState: 'running', jobState: null };
      const state = end.isTaskAlive ? 'failed' : 'finished';
      return { state, desiredState: 'running', jobState: 'finished' };
    }
    case 'cancel':
      return { state: 'failed', desiredState: 'cancelled', jobState: 'terminated' };
    case 'suspend': {
      if (!end.isSavepointComplete) return { state: 'running', desiredState: 'running', jobState: null };
      const state = end.isTaskAlive ? 'failed' : 'suspended';
      return { state, desiredState: 'suspended', jobState: 'terminated' };
    }
  }
}
