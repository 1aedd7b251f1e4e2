import { Problem } from '#contract/problems.ts';
import type { Deployment, StatedSpec } from '#contract/resources/deployment.ts';
import type { AcceptedOperation } from '../control/new-operation.ts';
import { withOperation } from '../control/new-operation.ts';
import { decideOperation } from '../control/decide-operation.ts';
import { newDeployment } from '../control/new-deployment.ts';
import { newEvent } from '../control/new-event.ts';
import { firstRevision } from '../control/new-revision.ts';
import { handler } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import { acceptanceWrites } from '../operations/accept-operation.ts';
import { adoptVersion } from '../operations/adopt-version.ts';
import { observeObstacle } from '../operations/observe-obstacle.ts';
import { quotaProblem } from '../operations/quota-problem.ts';
import { specInEffect } from '../operations/restate.ts';
import { startExecutionSoon } from '../operations/start-execution.ts';
import { commitCreation } from './changes.ts';
import { existingApplication, existingNamespace } from './existing.ts';

export const createDeployment = handler(
  'createDeployment',
  async ({ platform, params, query, body, access }) => {
    const { stores, now, newId } = platform;
    await existingNamespace(platform, params.namespace);
    await existingApplication(platform, params.namespace, body.spec.application);
    checkDesiredState(body.name, body.spec);
    await refuseNameInTrash(platform, params.namespace, body.name);
    const at = now().toISOString();
    const place = { id: newId(), namespace: params.namespace };
    const effective = await specInEffect(platform, { ...place, name: body.name, stated: body.spec });
    const made = newDeployment(body, { ...place, at, ...effective });
    const adoption = await adoptVersion(platform, made);
    const event = newEvent(
      {
        id: newId(),
        at,
        actor: access.actor,
        namespace: made.namespace,
        deployment: made.name,
        deploymentId: made.id,
      },
      {
        name: 'deployment-created',
        message: `Created for version ${made.spec.version} of "${made.spec.application}".`,
      },
    );
    const start =
      body.spec.desiredState === 'running' ? await startOf(platform, made, access.actor) : undefined;
    const beyond = await quotaProblem(platform, made, { isNew: true, plan: start?.operation.plan });
    if (beyond !== undefined) throw beyond;
    // A deployment is written once, as it is after its first operation was accepted.
    const deployment = start === undefined ? made : { ...withOperation(made, start.operation), revision: 1 };
    const { name, namespace } = deployment;
    await commitCreation(stores, { resource: 'deployment', name, namespace }, [
      stores.deployments.created(deployment),
      stores.revisions.created({
        ...firstRevision(deployment, { actor: access.actor, at, reason: query.reason }),
        operationId: start?.operation.id ?? null,
      }),
      ...adoption,
      stores.events.appended(event),
      ...(start?.writes ?? []),
    ]);
    if (start !== undefined) await startExecutionSoon(platform, start.operation);
    return { body: deployment, revision: deployment.revision };
  },
);

/** Such a name is not seen in any list, so that the refusal must say what to do about it. */
async function refuseNameInTrash({ stores }: Platform, namespace: string, name: string): Promise<void> {
  const deletion = (await stores.deployments.get(namespace, name))?.deletion ?? null;
  if (deletion === null) return;
  throw new Problem(
    'already-exists',
    `Cannot create deployment "${name}": one of this name is in the trash since ${deletion.at}; undelete it, or delete it with purge=true to use the name now`,
  );
}

function checkDesiredState(name: string, spec: StatedSpec): void {
  if (spec.desiredState !== 'suspended') return;
  const message = `Cannot create deployment "${name}" suspended: it has no state to keep yet; use running or cancelled`;
  throw new Problem('invalid-request', message, {
    errors: [{ pointer: '/spec/desiredState', message: 'must be running or cancelled' }],
  });
}

async function startOf(
  platform: Platform,
  deployment: Deployment,
  actor: string,
): Promise<{ readonly operation: AcceptedOperation; readonly writes: Write[] }> {
  const candidates = { savepoints: [], checkpoint: undefined };
  const obstacle = await observeObstacle(platform, deployment);
  const plan = decideOperation({ verb: 'start' }, { deployment, candidates, obstacle });
  if (plan instanceof Problem) throw plan;
  return acceptanceWrites(platform, deployment, { plan, actor });
}
