/** PUT and PATCH of a deployment: the new spec is written, and the operation that it asks for begins with it. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { decideOperation } from '../control/decide-operation.ts';
import { newEvent } from '../control/new-event.ts';
import { withOperation } from '../control/new-operation.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import { isEqual, pendingSentence, specChange } from '../control/spec-change.ts';
import type { SpecChange } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import { acceptanceWrites } from '../steps/accept-operation.ts';
import { observeSituation } from '../steps/observe-situation.ts';
import { startExecutionSoon } from '../steps/start-execution.ts';
import type { Write } from '../stores/database.ts';
import { commitChange } from './changes.ts';
import { checkSpec } from './check-spec.ts';

/** What the caller owns of a deployment. */
export type Wanted = Pick<Deployment, 'labels' | 'annotations' | 'spec'>;

/** Answers the deployment as it is then; equal to what is there, nothing is written. */
export async function changeDeployment(
  platform: Platform,
  before: Deployment,
  wanted: Wanted,
  actor: string,
): Promise<Deployment> {
  const { labels, annotations, spec } = before;
  if (isEqual({ labels, annotations, spec }, wanted)) return before;
  const change = specChange(before, wanted.spec);
  if (change instanceof Problem) throw change;
  await checkSpec(platform, before.namespace, wanted.spec);
  const changed: Deployment = {
    ...before,
    ...wanted,
    modifiedAt: platform.now().toISOString(),
    revision: before.revision + 1,
  };
  const begun = await beginOperation(platform, { before, changed, change, actor });
  const after = begun?.deployment ?? changed;
  await commitChange(platform.stores, `deployment "${before.name}"`, [
    platform.stores.deployments.replaced(after),
    changeEvent(platform, after, change, actor),
    ...(begun?.writes ?? []),
  ]);
  if (begun !== undefined) await startExecutionSoon(platform, begun.operation);
  return after;
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
