/** The rollback that an upgrade begins with its own end: back to the job before, from the same savepoint. */
import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import { planOf } from '../control/decide-operation.ts';
import { jobDifferences } from '../control/job-settings.ts';
import { newOperation, withOperation } from '../control/new-operation.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import type { Write } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { StepContext } from '../steps/step.ts';

export const UPGRADE_ACTOR = 'system:upgrade';

/** An operation that takes over where another one ends. */
export interface FollowUp {
  readonly operation: AcceptedOperation;
  /** Under way with it; its revision is the one that was read. */
  readonly deployment: Deployment;
  readonly writes: readonly Write[];
}

/** `deployment` states again what it stated before the upgrade; `reason` is why that came to nothing. */
export async function followWithRollback(
  context: StepContext,
  deployment: Deployment,
  { before, reason, hasSavepoint }: { before: StoredJob; reason: string; hasSavepoint: boolean },
): Promise<FollowUp> {
  const { platform, at } = context;
  const { stores } = platform;
  const strategy = await strategyOf(context, before, hasSavepoint);
  const plan = planOf('rollback', deployment.name, {
    restore: await restoreOf(context, strategy),
    changes: jobDifferences(context.job?.spec ?? before.spec, before.spec),
  });
  // Whatever becomes of the rollback: without it no job runs.
  const failed: Deployment = { ...deployment, status: { ...deployment.status, state: 'failed' } };
  const operation = newOperation(failed, {
    operationId: platform.newId(),
    at,
    actor: UPGRADE_ACTOR,
    plan,
    description: reason,
    restoreStrategy: strategy,
    replacement: {
      spec: before.spec,
      specRevision: before.specRevision,
      replaces: deployment.status.jobNumber,
      takesSavepoint: false,
      gate: null,
      statedBefore: null,
    },
  });
  const next = withOperation(deployment, operation);
  return {
    operation,
    deployment: { ...next, revision: deployment.revision },
    writes: [
      ...stores.operations.created(operation),
      context.event({
        name: 'operation-accepted',
        severity: 'warning',
        message: `Operation rollback was accepted: back to what job ${before.number} ran. ${reason}`,
        operationId: operation.id,
        jobId: before.id,
      }),
    ],
  };
}

/** Without a savepoint of the upgrade: what the old job left, never what the new one wrote. */
async function strategyOf(
  { platform, operation, job }: StepContext,
  before: StoredJob,
  hasSavepoint: boolean,
): Promise<RestoreStrategy> {
  const { savepointId } = operation;
  if (hasSavepoint && savepointId !== null) return { kind: 'savepoint', savepointId };
  if (job?.claimedBy !== operation.id) return { kind: 'latest-state' };
  const savepoints = await platform.stores.savepoints.completed(before.deploymentId);
  const newest = savepoints
    .filter(({ jobNumber }) => jobNumber !== null && jobNumber <= before.number)
    .toSorted((a, b) => ((a.completedAt ?? '') < (b.completedAt ?? '') ? 1 : -1))[0];
  return newest === undefined ? { kind: 'none' } : { kind: 'savepoint', savepointId: newest.id };
}

async function restoreOf({ platform, deployment }: StepContext, strategy: RestoreStrategy) {
  if (strategy.kind === 'none') return { kind: 'none' } as const;
  if (strategy.kind !== 'savepoint') return null;
  const savepoint = await platform.stores.savepoints.get(deployment.id, strategy.savepointId);
  if (savepoint === undefined) return null;
  return { kind: 'savepoint', savepointId: savepoint.id, location: savepoint.location } as const;
}
