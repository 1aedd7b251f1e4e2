/** PUT and PATCH of a deployment: the new spec is written, and the operation that it asks for begins with it. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import { decideOperation } from '../control/decide-operation.ts';
import { inTrash } from '../control/in-trash.ts';
import { newEvent } from '../control/new-event.ts';
import { withOperation } from '../control/new-operation.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import { newReplacement } from '../control/new-replacement.ts';
import { isEqual, pendingSentence, specChange } from '../control/spec-change.ts';
import type { SpecChange } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import { acceptanceWrites } from '../operations/accept-operation.ts';
import { observeSituation } from '../operations/observe-situation.ts';
import { restate } from '../operations/restate.ts';
import { quotaProblem } from '../operations/quota-problem.ts';
import { startExecutionSoon } from '../operations/start-execution.ts';
import type { Write } from '../stores/database.ts';
import { commitChange } from './changes.ts';

/** What the caller owns of a deployment. */
export type Wanted = Pick<Deployment, 'labels' | 'annotations' | 'stated'>;

/** Who wants it, and why. */
export interface Author {
  readonly actor: string;
  readonly reason: string;
  /** State that the change gives up may be lost. */
  readonly acceptStateLoss?: boolean;
}

/** Answers the deployment as it is then; equal to what is there, nothing is written. */
export async function changeDeployment(
  platform: Platform,
  before: Deployment,
  { labels, annotations, stated }: Wanted,
  { actor, reason, acceptStateLoss }: Author,
): Promise<Deployment> {
  const trashed = inTrash('change', before);
  if (trashed !== undefined) throw trashed;
  const at = platform.now().toISOString();
  const restated = await restate(platform, before, stated, { actor, at, reason });
  const isRelabeled = !isEqual([before.labels, before.annotations], [labels, annotations]);
  const isWantedOtherwise = restated.deployment.spec.desiredState !== before.spec.desiredState;
  if (restated.revision === undefined && !isRelabeled && !isWantedOtherwise) return before;
  const { jobNumber } = before.status;
  const job = jobNumber === null ? undefined : await platform.stores.jobs.get(before.id, jobNumber);
  const change = specChange(before, restated.deployment.spec, job?.spec);
  if (change instanceof Problem) throw change;
  const changed: Deployment = {
    ...restated.deployment,
    labels,
    annotations,
    modifiedAt: at,
    revision: before.revision + 1,
  };
  const begun = await beginOperation(platform, { before, changed, change, actor, acceptStateLoss });
  const after = begun?.deployment ?? changed;
  await commitChange(platform.stores, `deployment "${before.name}"`, [
    platform.stores.deployments.replaced(after),
    ...revisionWrites(platform, restated.revision, begun?.operation),
    ...restated.adoption,
    changeEvent(platform, after, change, actor),
    ...(begun?.writes ?? []),
  ]);
  if (begun !== undefined) await startExecutionSoon(platform, begun.operation);
  return after;
}

function revisionWrites(
  { stores }: Platform,
  revision: SpecRevision | undefined,
  operation: AcceptedOperation | undefined,
): Write[] {
  if (revision === undefined) return [];
  return [stores.revisions.created({ ...revision, operationId: operation?.id ?? null })];
}

interface BegunOperation {
  readonly operation: AcceptedOperation;
  readonly deployment: Deployment;
  readonly writes: Write[];
}

async function beginOperation(
  platform: Platform,
  given: {
    readonly before: Deployment;
    readonly changed: Deployment;
    readonly change: SpecChange;
    readonly actor: string;
    readonly acceptStateLoss: boolean | undefined;
  },
): Promise<BegunOperation | undefined> {
  const { before, changed, actor, acceptStateLoss } = given;
  const { verb } = given.change;
  if (verb === null) return undefined;
  // The new spec decides how, the old status whether.
  const deployment: Deployment = { ...changed, status: before.status, revision: before.revision };
  const situation = await observeSituation(platform, deployment, { verb, isRestated: true });
  const plan = decideOperation({ verb, acceptStateLoss }, situation);
  if (plan instanceof Problem) throw plan;
  const beyond = await quotaProblem(platform, deployment, { isNew: false, plan });
  if (beyond !== undefined) throw beyond;
  const { operation, writes } = acceptanceWrites(platform, deployment, {
    plan,
    actor,
    parallelism: verb === 'rescale' ? changed.spec.parallelism : undefined,
    ...newReplacement({ verb }, situation, before),
  });
  const after = withOperation(changed, operation);
  return { operation, writes, deployment: { ...after, revision: changed.revision } };
}

function changeEvent(
  { stores, newId }: Platform,
  after: Deployment,
  change: SpecChange,
  actor: string,
): Write {
  const pending = pendingSentence(change.pending);
  const event = newEvent(
    {
      id: newId(),
      at: after.modifiedAt,
      actor,
      namespace: after.namespace,
      deployment: after.name,
      deploymentId: after.id,
    },
    {
      name: 'deployment-changed',
      message: pending ?? `Changed to revision ${after.revision}.`,
      severity: pending === undefined ? 'info' : 'warning',
      operationId: after.status.operationId,
      jobId: after.status.jobId,
    },
  );
  return stores.events.appended(event);
}
