/** A change of the spec that no caller has brought to the running job: it came from a level above the deployment. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Verb } from '#contract/verbs.ts';
import { decideOperation } from '../control/decide-operation.ts';
import { driftOf, jobDifferences } from '../control/job-settings.ts';
import { newReplacement } from '../control/new-replacement.ts';
import { upgradingVerb } from '../control/spec-change.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { acceptOperation } from '../operations/accept-operation.ts';
import { observeSituation } from '../operations/observe-situation.ts';
import { quotaProblem } from '../operations/quota-problem.ts';
import { unattendedJob } from './examine-job.ts';

const ACTOR = 'system:reconciler';
const LOOKED_AT = 20;
const bringing: ReadonlySet<string> = new Set(['upgrade', 'migrate', 'rescale'] satisfies Verb[]);

/** The verb by which a running job gets what its deployment says; null where it has it, or may not get it. */
export function verbForDrift(deployment: Deployment, job: Pick<StoredJob, 'spec' | 'state'>): Verb | null {
  const { state, operationId, queue } = deployment.status;
  const isFree = state === 'running' && operationId === null && queue.length === 0;
  if (!isFree || job.state !== 'running' || deployment.deletion !== null) return null;
  return upgradingVerb(driftOf(job.spec, deployment.spec), deployment.spec);
}

/**
 * Begins the operation that brings the change, once: an upgrade to the very same spec that failed is not tried again,
 * and what would give up state or cannot read it waits for a person.
 */
export async function bringChange(
  platform: Platform,
  place: { readonly deploymentId: string; readonly jobNumber: number },
): Promise<void> {
  const found = await unattendedJob(platform, place);
  if (found === undefined) return;
  const { deployment, live } = found;
  const verb = verbForDrift(deployment, live.job);
  if (verb === null || (await hasFailed(platform, deployment))) return;
  const situation = await observeSituation(platform, deployment, { verb });
  const plan = decideOperation({ verb }, situation);
  const problem =
    plan instanceof Problem ? plan : await quotaProblem(platform, deployment, { isNew: false, plan });
  if (plan instanceof Problem || problem !== undefined) {
    logger.info('An inherited change waits', { deploymentId: deployment.id, ...errorFields(problem) });
    return;
  }
  try {
    await acceptOperation(platform, deployment, {
      plan,
      actor: ACTOR,
      description: 'What the deployment inherits has changed.',
      parallelism: verb === 'rescale' ? deployment.spec.parallelism : undefined,
      ...newReplacement({ verb }, situation, deployment),
    });
  } catch (error) {
    // Somebody else has begun an operation; the next sweep looks again.
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Whether the last operation that should have brought a change failed with the spec that is in effect now. */
async function hasFailed({ stores }: Platform, { id, spec }: Deployment): Promise<boolean> {
  const { items } = await stores.operations.list(id, { limit: LOOKED_AT });
  const last = items.find(({ kind }) => bringing.has(kind));
  if (last === undefined || last.state !== 'failed') return false;
  const stored = await stores.operations.get(last.id);
  const tried = stored?.replacement?.spec;
  if (tried !== undefined) return jobDifferences(tried, spec).length === 0;
  return stored?.request.parallelism === spec.parallelism;
}
