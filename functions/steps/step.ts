/** What a step of a workflow is to its runner. */
import type { Deployment } from '#contract/resources/deployment.ts';
import type { WorkflowStep } from '#contract/workflows.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import type { Happening } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { StoredOperation } from '../stores/operations.ts';

/** What a step changes of its operation. */
export type OperationChange = Partial<
  Pick<
    StoredOperation,
    | 'state'
    | 'jobId'
    | 'savepointId'
    | 'startedAt'
    | 'endedAt'
    | 'problem'
    | 'standby'
    | 'pauseMs'
    | 'followedBy'
    | 'gateSeen'
  >
>;

/** Everything that a step works on, as it was read when the step began. */
export interface StepContext {
  readonly platform: Platform;
  readonly operation: StoredOperation;
  readonly deployment: Deployment;
  /** The job of the operation, or of the deployment; undefined before its first. */
  readonly job: StoredJob | undefined;
  readonly step: WorkflowStep;
  /** Time of the run's begin, for everything that it writes. */
  readonly at: string;
  /** An entry for the deployment's log. */
  readonly event: (happening: Happening) => Write;
  /** Writes in the middle of a step what must be durable before it goes on. */
  save(change: OperationChange, writes: readonly Write[]): Promise<void>;
}

/** What a step has done. Its writes are committed together with the mark that it succeeded. */
export interface StepOutcome {
  /** A sentence for people. */
  readonly message: string;
  readonly writes?: readonly Write[];
  readonly change?: OperationChange;
  /** There was nothing to do. */
  readonly isSkipped?: boolean;
  /** Accepted by the writes; its execution is started after them. */
  readonly followUp?: AcceptedOperation;
}

/**
 * One state of a workflow.
 *
 * Contract: it may run twice, at once even, and must come to the same; it ends within 30 seconds. It throws
 * `RetryableError` to be run again, a `Problem` to fail the operation with it.
 */
export type Step = (context: StepContext) => Promise<StepOutcome>;
