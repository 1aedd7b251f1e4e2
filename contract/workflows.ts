/**
 * The workflow of every kind of operation: its steps in order.
 *
 * infra turns a row into a chain of tasks on the function `steps`; functions/steps has one file a step, named as
 * here; console and CLI show the titles.
 */
import type { OperationKind } from './resources/operation.ts';

/** One step of a workflow. */
export interface WorkflowStep {
  /** Names the file in functions/steps and the state of the state machine. */
  readonly step: string;
  /** For people: "Take a savepoint". */
  readonly title: string;
  /**
   * `transient`: run again after a `RetryableError` or a fault of Lambda itself. The step keeps its own deadline,
   * so the state machine may retry every second without a limit of its own (600 tries are plenty).
   */
  readonly retry: 'transient' | 'none';
  /** From the first run of the step until it gives up, over all its runs. One run takes at most 30 seconds. */
  readonly timeoutSeconds: number;
}

/** Input of a state machine execution, whose name is the operation's id. */
export interface WorkflowInput {
  readonly kind: OperationKind;
  readonly operationId: string;
  readonly namespace: string;
}

/** Event of the function `steps`. `error` is what the state machine caught; only the failure step has it. */
export interface StepInput {
  readonly step: string;
  readonly operationId: string;
  readonly namespace: string;
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

/** The error name that makes the state machine run a step again. */
export const RETRYABLE_ERROR = 'RetryableError';

/** Every step catches all other errors into this one, after which the execution fails. */
export const failureStep: WorkflowStep = {
  step: 'fail-operation',
  title: 'State the failure',
  retry: 'transient',
  timeoutSeconds: 300,
};

const begin: WorkflowStep = {
  step: 'begin-operation',
  title: 'Begin',
  retry: 'transient',
  timeoutSeconds: 60,
};
const claimEpoch: WorkflowStep = {
  step: 'claim-epoch',
  title: 'Fence every older job',
  retry: 'transient',
  timeoutSeconds: 60,
};
const startTask: WorkflowStep = {
  step: 'start-task',
  title: 'Start the task',
  retry: 'transient',
  timeoutSeconds: 300,
};
const awaitRunning: WorkflowStep = {
  step: 'await-running',
  title: 'Wait until every operator runs',
  retry: 'transient',
  timeoutSeconds: 600,
};
const takeSavepoint: WorkflowStep = {
  step: 'take-savepoint',
  title: 'Take a savepoint',
  retry: 'transient',
  timeoutSeconds: 120,
};
const awaitSavepoint: WorkflowStep = {
  step: 'await-savepoint',
  title: 'Wait until the savepoint is complete',
  retry: 'transient',
  timeoutSeconds: 1800,
};
const prepareTask: WorkflowStep = {
  step: 'prepare-task',
  title: 'Prepare the next worker',
  retry: 'transient',
  // It gives up long before, and nothing fails by that.
  timeoutSeconds: 600,
};
const clearJob: WorkflowStep = {
  step: 'clear-job',
  title: 'End a job that no savepoint has ended',
  retry: 'transient',
  timeoutSeconds: 300,
};
const retireTask: WorkflowStep = {
  step: 'retire-task',
  title: 'Stop the task of the earlier job',
  retry: 'transient',
  timeoutSeconds: 300,
};
const cancelJob: WorkflowStep = {
  step: 'cancel-job',
  title: 'Cancel the job',
  retry: 'transient',
  timeoutSeconds: 60,
};
const stopTask: WorkflowStep = {
  step: 'stop-task',
  title: 'Stop the task',
  retry: 'transient',
  timeoutSeconds: 120,
};
const awaitTaskStopped: WorkflowStep = {
  step: 'await-task-stopped',
  title: 'Wait until no process is left',
  retry: 'transient',
  timeoutSeconds: 300,
};
const checkState: WorkflowStep = {
  step: 'check-state',
  title: 'Compare the state with the new program',
  retry: 'transient',
  timeoutSeconds: 60,
};
const awaitHealthy: WorkflowStep = {
  step: 'await-healthy',
  title: 'Wait until the gate is passed',
  retry: 'transient',
  // The longest gate has two hours; the step must not give up before it.
  timeoutSeconds: 7500,
};
const rescaleJob: WorkflowStep = {
  step: 'rescale-job',
  title: 'Rescale the running job',
  retry: 'transient',
  timeoutSeconds: 300,
};
const takeParentSavepoint: WorkflowStep = {
  step: 'take-parent-savepoint',
  title: 'Take a savepoint of the parent',
  retry: 'transient',
  timeoutSeconds: 1800,
};
const copySavepoint: WorkflowStep = {
  step: 'copy-savepoint',
  title: 'Refer to the state of the parent',
  retry: 'transient',
  timeoutSeconds: 120,
};
const removeDeployment: WorkflowStep = {
  step: 'remove-deployment',
  title: 'Move the deployment to the trash',
  retry: 'transient',
  timeoutSeconds: 60,
};
const finish: WorkflowStep = {
  step: 'finish-operation',
  title: 'Finish',
  retry: 'transient',
  timeoutSeconds: 60,
};

const endWithSavepoint = [takeSavepoint, awaitSavepoint, stopTask, awaitTaskStopped];
const endWithout = [cancelJob, stopTask, awaitTaskStopped];
const beginJob = [claimEpoch, startTask, awaitRunning];
/**
 * What a new job takes over from the one before: its worker is ready before that one stops, and the process of the old
 * one, which holds nothing any more, is awaited when the new one runs. A step that finds nothing to do is skipped, as on
 * a failed deployment.
 */
const replaceJob = [prepareTask, takeSavepoint, awaitSavepoint, clearJob, ...beginJob, retireTask];

/** The steps of every kind of operation, in the order in which they are carried out. */
export const workflows: Readonly<Record<OperationKind, readonly WorkflowStep[]>> = {
  start: [begin, ...beginJob, finish],
  suspend: [begin, ...endWithSavepoint, finish],
  drain: [begin, ...endWithSavepoint, finish],
  cancel: [begin, ...endWithout, finish],
  savepoint: [begin, takeSavepoint, awaitSavepoint, finish],
  upgrade: [begin, checkState, ...replaceJob, awaitHealthy, finish],
  rollback: [begin, checkState, ...endWithout, ...beginJob, finish],
  restart: [begin, ...replaceJob, finish],
  reset: [begin, checkState, ...endWithout, ...beginJob, finish],
  rescale: [begin, rescaleJob, finish],
  migrate: [begin, ...replaceJob, awaitHealthy, finish],
  fork: [begin, takeParentSavepoint, copySavepoint, ...beginJob, finish],
  delete: [begin, removeDeployment, finish],
  recover: [begin, ...beginJob, finish],
};

/** The first step of each kind that cannot be taken back; until it begins, the operation can be cancelled. */
const pointsOfNoReturn: Readonly<Record<OperationKind, string>> = {
  // Until the new job counts as running it can be ended, and the deployment is at rest as it was.
  start: 'finish-operation',
  fork: 'finish-operation',
  recover: 'finish-operation',
  // The savepoint is the job's last act: who has asked for it cannot keep the job.
  suspend: 'take-savepoint',
  drain: 'take-savepoint',
  savepoint: 'take-savepoint',
  upgrade: 'take-savepoint',
  restart: 'take-savepoint',
  migrate: 'take-savepoint',
  cancel: 'cancel-job',
  rollback: 'cancel-job',
  reset: 'cancel-job',
  rescale: 'rescale-job',
  delete: 'remove-deployment',
};

/** The step of an operation from which on it cannot be cancelled. */
export function pointOfNoReturn(kind: OperationKind): string {
  return pointsOfNoReturn[kind];
}
