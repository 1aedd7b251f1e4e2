/** Deletion of a savepoint that its deployment owns: first its manifest, then its record, then what lies beside it. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { newEvent } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';

/**
 * Disposes of the savepoint at an address.
 *
 * Errors: `not-found` when the deployment has none there; `operation-in-progress` while something may be reading it.
 */
export async function disposeSavepoint(
  platform: Platform,
  deployment: Deployment,
  request: { readonly location: string; readonly actor: string },
): Promise<StoredSavepoint> {
  const { stores } = platform;
  const savepoint = await savepointAt(platform, deployment, request.location);
  if (deployment.status.operationId !== null) {
    const message = `Cannot dispose of savepoint ${savepoint.id}: operation ${deployment.status.operationId} is under way and may need it; wait until it ended`;
    throw new Problem('operation-in-progress', message, { operationId: deployment.status.operationId });
  }
  // What is left after a crash in between is a record whose disposal can be asked for again.
  await stores.jobFiles.disposeOf(savepoint.location);
  const event = newEvent(
    {
      id: platform.newId(),
      at: platform.now().toISOString(),
      actor: request.actor,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
    },
    {
      name: 'savepoint-disposed',
      message: `Savepoint ${savepoint.id} of job ${savepoint.jobNumber} was disposed of.`,
      jobId: savepoint.jobId,
    },
  );
  await stores.commit([
    stores.savepoints.removed(deployment.id, savepoint.id),
    stores.events.appended(event),
  ]);
  return savepoint;
}

async function savepointAt(
  { stores }: Platform,
  { id, name }: Deployment,
  location: string,
): Promise<StoredSavepoint> {
  const address = location.replace(/\/(?:manifest\.json)?$/, '');
  const listed = await stores.savepoints.completed(id);
  const found = listed.find((savepoint) => savepoint.location === address);
  const savepoint = found === undefined ? undefined : await stores.savepoints.get(id, found.id);
  if (savepoint !== undefined) return savepoint;
  throw new Problem(
    'not-found',
    `Cannot dispose of the savepoint at "${location}": deployment "${name}" has no completed one there; list them and give a location as it stands`,
  );
}
