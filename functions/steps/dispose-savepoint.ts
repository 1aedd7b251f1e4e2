/** Deletion of a savepoint that its deployment owns: first its manifest, then its record, then what lies beside it. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { newEvent } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { liveJob } from './live-task.ts';

/**
 * Disposes of the savepoint at an address.
 *
 * Errors: `not-found` when the deployment has none there; `operation-in-progress` or `savepoint-in-use` while
 * something may be reading it.
 */
export async function disposeSavepoint(
  platform: Platform,
  deployment: Deployment,
  request: { readonly location: string; readonly actor: string },
): Promise<StoredSavepoint> {
  const savepoint = await savepointAt(platform, deployment, request.location);
  await deleteSavepoint(platform, deployment, { savepoint, actor: request.actor });
  return savepoint;
}

/** Deletes one that the deployment has. Errors: `operation-in-progress` and `savepoint-in-use`. */
export async function deleteSavepoint(
  platform: Platform,
  deployment: Deployment,
  { savepoint, actor }: { readonly savepoint: StoredSavepoint; readonly actor: string },
): Promise<void> {
  const { stores } = platform;
  await refuseWhileNeeded(platform, deployment, savepoint);
  // What is left after a crash in between is a record whose disposal can be asked for again.
  await stores.jobFiles.disposeOf(savepoint.location);
  const event = newEvent(
    {
      id: platform.newId(),
      at: platform.now().toISOString(),
      actor,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
    },
    {
      name: 'savepoint-disposed',
      message:
        savepoint.jobNumber === null
          ? `Imported savepoint ${savepoint.id} was disposed of.`
          : `Savepoint ${savepoint.id} of job ${savepoint.jobNumber} was disposed of.`,
      jobId: savepoint.jobNumber === null ? null : savepoint.jobId,
    },
  );
  await stores.commit([
    stores.savepoints.removed(deployment.id, savepoint.id),
    stores.events.appended(event),
  ]);
}

async function refuseWhileNeeded(
  { stores }: Platform,
  deployment: Deployment,
  { id }: StoredSavepoint,
): Promise<void> {
  const { operationId } = deployment.status;
  if (operationId !== null) {
    const message = `Cannot dispose of savepoint ${id}: operation ${operationId} is under way and may need it; wait until it ended`;
    throw new Problem('operation-in-progress', message, { operationId });
  }
  const live = liveJob(await stores.jobs.latest(deployment.id));
  const from = live?.job.restoredFrom;
  if (live === undefined || from?.kind !== 'savepoint' || from.savepointId !== id) return;
  // The claim of a job that begins from a savepoint leaves no checkpoint in the head: one that is there is its own.
  const head = await stores.heads.read(deployment.id);
  if (head?.head.checkpoint !== undefined) return;
  throw new Problem(
    'savepoint-in-use',
    `Cannot dispose of savepoint ${id}: job ${live.job.number} began from it and has no checkpoint of its own yet; wait for its first one`,
  );
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
