import type { OperationKind, OperationStep } from '#contract/resources/operation.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { UpgradeStrategy } from '#contract/resources/upgrade.ts';

/** What is known of an operation that put a job in the place of another, and failed. */
export interface FailedReplacement {
  readonly kind: OperationKind;
  readonly steps: readonly Pick<OperationStep, 'name' | 'state'>[];
  /** The new job has the right to commit. */
  readonly isClaimed: boolean;
  /** The savepoint is whole, so its job was ended by it or is about to be. */
  readonly isSavepointComplete: boolean;
  /** What the deployment was before. */
  readonly before: DeploymentState;
  readonly rollback: UpgradeStrategy['rollback'];
}

/** Steps that tell a job to end without a savepoint; begun, they cannot be taken back. */
const ENDING = ['clear-job', 'cancel-job', 'stop-task'];

/**
 * What becomes of a deployment whose new job did not come to be.
 *
 * `untouched`: the job before never noticed and runs on, or nothing ran before. `rollback`: it is gone, and is brought
 * back from the state that it left. `failed`: nobody brings it back, since nothing ran before, or that is not wanted,
 * or this was the rollback.
 */
export function judgeFailure(failed: FailedReplacement): 'untouched' | 'rollback' | 'failed' {
  const isEnding = failed.steps.some(
    ({ name, state }) => ENDING.includes(name) && state !== 'pending' && state !== 'skipped',
  );
  if (!failed.isClaimed && !failed.isSavepointComplete && !isEnding) return 'untouched';
  const canReturn = failed.kind === 'upgrade' || failed.kind === 'migrate';
  return canReturn && failed.before === 'running' && failed.rollback === 'automatic' ? 'rollback' : 'failed';
}
