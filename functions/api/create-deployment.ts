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
import { acceptanceWrites } from '../steps/accept-operation.ts';
import { specInEffect } from '../steps/restate.ts';
import { startExecutionSoon } from '../steps/start-execution.ts';
import { commitCreation } from './changes.ts';
import { existingApplication, existingNamespace } from './existing.ts';

export const createDeployment = handler(
  'createDeployment',
  async ({ platform, params, query, body, access }) => {
    const { stores, now, newId } = platform;
    await existingNamespace(platform, params.namespace);
    await existingApplication(platform, params.namespace, body.spec.application);
    checkDesiredState(body.name, body.spec);
    const at = now().toISOString();
    const place = { id: newId(), namespace: params.namespace };
    const effective = await specInEffect(platform, { ...place, name: body.name, stated: body.spec });
    const made = newDeployment(body, { ...place, at, ...effective });
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
    const start = body.spec.desiredState === 'running' ? startOf(platform, made, access.actor) : undefined;
    // A deployment is written once, as it is after its first operation was accepted.
    const deployment = start === undefined ? made : { ...withOperation(made, start.operation), revision: 1 };
    const { name, namespace } = deployment;
    await commitCreation(stores, { resource: 'deployment', name, namespace }, [
      stores.deployments.created(deployment),
      stores.revisions.created({
        ...firstRevision(deployment, { actor: access.actor, at, reason: query.reason }),
        operationId: start?.operation.id ?? null,
      }),
      stores.events.appended(event),
      ...(start?.writes ?? []),
    ]);
    if (start !== undefined) await startExecutionSoon(platform, start.operation);
    return { body: deployment, revision: deployment.revision };
  },
);

function checkDesiredState(name: string, spec: StatedSpec): void {
  if (spec.desiredState !== 'suspended') return;
  const message = `Cannot create deployment "${name}" suspended: it has no state to keep yet; use running or cancelled`;
  throw new Problem('invalid-request', message, {
    errors: [{ pointer: '/spec/desiredState', message: 'must be running or cancelled' }],
  });
}

function startOf(
  platform: Platform,
  deployment: Deployment,
  actor: string,
): { readonly operation: AcceptedOperation; readonly writes: Write[] } {
  const candidates = { savepoints: [], checkpoint: undefined };
  const plan = decideOperation({ verb: 'start' }, { deployment, candidates });
  if (plan instanceof Problem) throw plan;
  return acceptanceWrites(platform, deployment, { plan, actor });
}
