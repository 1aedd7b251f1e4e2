/** PUT and PATCH of a deployment: the new spec is written, and the operation that it asks for begins with it. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import { decideOperation } from '../control/decide-operation.ts';
import { newEvent } from '../control/new-event.ts';
import { withOperation } from '../control/new-operation.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import { isEqual, pendingSentence, specChange } from '../control/spec-change.ts';
import type { SpecChange } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import { acceptanceWrites } from '../steps/accept-operation.ts';
import { observeSituation } from '../steps/observe-situation.ts';
import { restate } from '../steps/restate.ts';
import { startExecutionSoon } from '../steps/start-execution.ts';
import type { Write } from '../stores/database.ts';
import { commitChange } from './changes.ts';

/** What the caller owns of a deployment. */
export type Wanted = Pick<Deployment, 'labels' | 'annotations' | 'stated'>;

/** Who wants it, and why. */
export interface Author {
  readonly actor: string;
  readonly reason: string;
}

/** Answers the deployment as it is then; equal to what is there, nothing is written. */
export async function changeDeployment(
  platform: Platform,
  before: Deployment,
  { labels, annotations, stated }: Wanted,
  { actor, reason }: Author,
): Promise<Deployment> {
  const at = platform.now().toISOString();
  const restated = await restate(platform, before, stated, { actor, at, reason });
  const isRelabeled = !isEqual([before.labels, before.annotations], [labels, annotations]);
  const isWantedOtherwise = restated.deployment.spec.desiredState !== before.spec.desiredState;
  if (restated.revision === undefined && !isRelabeled && !isWantedOtherwise) return before;
  const change = specChange(before, restated.deployment.spec);
  if (change instanceof Problem) throw change;
  const changed: Deployment = {
    ...restated.deployment,
    labels,
    annotations,
    modifiedAt: at,
    revision: before.revision + 1,
  };
  const begun = await beginOperation(platform, { before, changed, change, actor });
  const after = begun?.deployment ?? changed;
  await commitChange(platform.stores, `deployment "${before.name}"`, [
    platform.stores.deployments.replaced(after),
    ...revisionWrites(platform, restated.revision, begun?.operation),
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
  given: { before: Deployment; changed: Deployment; change: SpecChange; actor: string },
): Promise<BegunOperation | undefined> {
  const { verb } = given.change;
  if (verb === null) return undefined;
  // The new spec decides how, the old status whether.
  const deployment: Deployment = { ...given.before, spec: given.changed.spec };
  const situation = await observeSituation(platform, deployment);
  const plan = decideOperation({ verb }, situation);
  if (plan instanceof Problem) throw plan;
  const { operation, writes } = acceptanceWrites(platform, deployment, { plan, actor: given.actor });
  const after = withOperation(given.changed, operation);
  return { operation, writes, deployment: { ...after, revision: given.changed.revision } };
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
