/** Gives the next operation of a deployment's queue its turn. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { newEvent } from '../control/new-event.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredOperation } from '../stores/operations.ts';
import { acceptOperation } from './accept-operation.ts';
import { decideRequest } from './request-verb.ts';
import type { RequestedVerb } from './request-verb.ts';
import type { Restatement } from './restate.ts';

/** Each turn may meet somebody who writes the deployment at the same moment. */
const TURNS = 25;

/**
 * Begins the first operation in line, if nothing is under way.
 *
 * One that is not possible any more fails with the reason, and the next has its turn. Whatever goes wrong on the way
 * is left to the sweep, which asks again.
 */
export async function beginQueued(platform: Platform, namespace: string, name: string): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    const deployment = await platform.stores.deployments.get(namespace, name);
    const [first] = deployment?.status.queue ?? [];
    if (deployment === undefined || first === undefined || deployment.status.operationId !== null) return;
    try {
      if (await takeTurn(platform, deployment, first)) return;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/** The same for callers whose work is done whether or not this succeeds. */
export async function beginQueuedSoon(
  platform: Platform,
  place: { readonly namespace: string; readonly deployment: string },
): Promise<void> {
  try {
    await beginQueued(platform, place.namespace, place.deployment);
  } catch (error) {
    logger.warn('A queued operation did not begin; the sweep will begin it', {
      ...place,
      ...errorFields(error),
    });
  }
}

/** True when an operation has begun, false when the next one in line is to be looked at. */
async function takeTurn(platform: Platform, deployment: Deployment, operationId: string): Promise<boolean> {
  const operation = await platform.stores.operations.get(operationId);
  const rest: Deployment = {
    ...deployment,
    status: { ...deployment.status, queue: deployment.status.queue.filter((id) => id !== operationId) },
  };
  if (operation?.state !== 'queued') {
    await platform.stores.commit([platform.stores.deployments.replaced(withNextRevision(rest))]);
    return false;
  }
  const request = requestOf(operation);
  // The line behind it does not stand in its own way.
  const free: Deployment = { ...rest, status: { ...rest.status, queue: [] } };
  const accepted = await decideRequest(platform, free, request);
  if (accepted instanceof Problem) {
    await fail(platform, { deployment: rest, operation, problem: accepted });
    return false;
  }
  await acceptOperation(platform, rest, {
    ...accepted,
    restated: accepted.restated && withQueueOf(rest, accepted.restated),
    queued: operation,
  });
  return true;
}

/** A deployment that is restated for a turn keeps the line behind it. */
function withQueueOf({ status: { queue } }: Deployment, restated: Restatement): Restatement {
  const { deployment } = restated;
  return { ...restated, deployment: { ...deployment, status: { ...deployment.status, queue } } };
}

/** The verb as it arrived: it was parsed then, and stored as it was. */
function requestOf(operation: StoredOperation): RequestedVerb {
  return { ...(operation.waiting as unknown as RequestedVerb), idempotencyKey: undefined };
}

async function fail(
  { stores, now, newId }: Platform,
  found: { readonly deployment: Deployment; readonly operation: StoredOperation; readonly problem: Problem },
): Promise<void> {
  const { deployment, operation, problem } = found;
  const at = now().toISOString();
  const event = newEvent(
    {
      id: newId(),
      at,
      actor: operation.actor,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
    },
    { name: 'operation-failed', severity: 'error', message: problem.message, operationId: operation.id },
  );
  await stores.commit([
    stores.deployments.replaced(withNextRevision(deployment)),
    ...stores.operations.replaced({
      ...operation,
      state: 'failed',
      problem: problem.toBody(),
      steps: operation.steps.map((step) => ({ ...step, state: 'skipped' })),
      endedAt: at,
      revision: operation.revision + 1,
    }),
    stores.events.appended(event),
  ]);
}

function withNextRevision(deployment: Deployment): Deployment {
  return { ...deployment, revision: deployment.revision + 1 };
}
