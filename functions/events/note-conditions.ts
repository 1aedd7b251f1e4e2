/** Writes down what is wrong with a deployment, and what no longer is; nothing where nothing changed. */
import type { Condition, Deployment } from '#contract/resources/deployment.ts';
import { changedConditions, conditionsOf } from '../control/conditions.ts';
import type { JobHealth } from '../control/conditions.ts';
import { jobDifferences } from '../control/job-settings.ts';
import { newEvent } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Write } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';

const ACTOR = 'system:reconciler';

/** A deployment, its live job, and what that told. */
export interface LookedAt {
  readonly deployment: Deployment;
  readonly job: StoredJob;
  readonly health: JobHealth | undefined;
}

/** A deployment that changes at the same moment is left to the next sweep. */
export async function noteConditions(platform: Platform, looked: LookedAt): Promise<void> {
  const { deployment, job, health } = looked;
  const at = platform.now().toISOString();
  const found = conditionsOf({
    nowMs: platform.now().getTime(),
    job: { ...job, attemptsStartedAt: job.attempts.map(({ startedAt }) => startedAt) },
    health,
    drift: jobDifferences(job.spec, deployment.spec),
  });
  // Found at every read, and never stored.
  const before = deployment.status.conditions.filter(({ type }) => type !== 'spec-invalid');
  const { conditions, raised, cleared } = changedConditions(before, found, at);
  const isSame = conditions.every(
    ({ type, message }) => before.find((known) => known.type === type)?.message === message,
  );
  if (isSame && raised.length === 0 && cleared.length === 0) return;
  try {
    await platform.stores.commit([
      platform.stores.deployments.replaced({
        ...deployment,
        status: { ...deployment.status, conditions },
        revision: deployment.revision + 1,
      }),
      ...raised.map((condition) => conditionEvent(platform, looked, { name: 'condition-raised', condition })),
      ...cleared.map((condition) =>
        conditionEvent(platform, looked, { name: 'condition-cleared', condition }),
      ),
    ]);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

function conditionEvent(
  { stores, now, newId }: Platform,
  { deployment, job }: LookedAt,
  told: { readonly name: 'condition-raised' | 'condition-cleared'; readonly condition: Condition },
): Write {
  const { namespace, name: deploymentName, id } = deployment;
  const { type, message } = told.condition;
  const isRaised = told.name === 'condition-raised';
  return stores.events.appended(
    newEvent(
      {
        id: newId(),
        at: now().toISOString(),
        actor: ACTOR,
        namespace,
        deployment: deploymentName,
        deploymentId: id,
      },
      {
        name: told.name,
        severity: isRaised ? 'warning' : 'info',
        message: isRaised ? message : `The condition ${type} does not hold any more.`,
        jobId: job.id,
        ...(isRaised ? { after: type } : { before: type }),
      },
    ),
  );
}
