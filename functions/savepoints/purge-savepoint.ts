/** Removal of a savepoint for good: its manifest, its record, and whatever nothing else refers to then. */
import { Problem } from '#contract/problems.ts';
import { readManifest } from '#engine/index.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { collectAtRest } from './collect-at-rest.ts';
import { refuseWhileNeeded } from './refuse-needed.ts';
import { savepointEvent } from '../steps/savepoint-context.ts';
import { ownerOf } from './savepoint-owner.ts';
import { purgeDue } from './trash-savepoint.ts';

/**
 * Removes a savepoint.
 *
 * Contract: first its record says so, under the condition that nobody has changed it since it was read; a job, a fork
 * or a hold that comes at the same moment changes it too, so one of the two fails. From then on nothing begins from it.
 * Then its manifest goes and last its record; what a crash leaves in between is done again when it is due.
 * Errors: `savepoint-held` and `savepoint-in-use`.
 */
export async function purgeSavepoint(
  platform: Platform,
  { savepoint, actor }: { readonly savepoint: StoredSavepoint; readonly actor: string },
): Promise<void> {
  const { stores } = platform;
  const marked = savepoint.isPurging ? savepoint : await mark(platform, savepoint, actor);
  await stores.jobFiles.disposeOf(marked.location);
  const ownerId = ownerOf(stores, marked);
  const described =
    marked.jobNumber === null
      ? `Imported savepoint ${marked.id}`
      : `Savepoint ${marked.id} of job ${marked.jobNumber}`;
  await stores.commit([
    stores.savepoints.removed(marked.deploymentId, marked.id),
    ...(ownerId === marked.deploymentId ? [] : [stores.savepointCopies.removed({ ownerId, id: marked.id })]),
    ...(marked.deletion === null ? [] : [stores.due.removed(purgeDue(marked, marked.deletion.purgeAt))]),
    savepointEvent(platform, marked, {
      name: 'savepoint-disposed',
      message: `${described} was removed for good.`,
      actor,
    }),
  ]);
}

/** Collects what a savepoint alone has kept, unless a job is alive and does so by itself. */
export async function collectAfterPurge(platform: Platform, savepoint: StoredSavepoint): Promise<void> {
  const ownerId = ownerOf(platform.stores, savepoint);
  // A deployment that was removed has no jobs any more, and its name may be another one's: that does no harm.
  const job = await platform.stores.jobs.latest(ownerId);
  const { namespace, deployment: name } = job ?? savepoint;
  await collectAtRest(platform, { id: ownerId, namespace, name });
}

/** One whose chunks lie in its own folder is needed by its copies; others are held by nobody but their manifests. */
async function refuseWhileCopied({ stores }: Platform, savepoint: StoredSavepoint): Promise<void> {
  const copies = await stores.savepointCopies.of(ownerOf(stores, savepoint));
  const copy = copies.find(({ source, folder }) => source.savepointId === savepoint.id && folder !== null);
  if (copy === undefined || !(await holdsItsChunks(stores, savepoint))) return;
  throw new Problem(
    'savepoint-in-use',
    `Cannot remove savepoint ${savepoint.id} for good: its data is its own, and savepoint ${copy.id} of deployment "${copy.deployment}" in namespace "${copy.namespace}" refers to it; delete that one first`,
  );
}

async function holdsItsChunks(stores: Platform['stores'], { location }: StoredSavepoint): Promise<boolean> {
  const folder = stores.jobFiles.keyOf(location);
  const { manifest } = await readManifest(stores.savepointObjects.storage, folder);
  return manifest.operators.some(({ chunks }) => chunks.some(({ key }) => key.startsWith(`${folder}/`)));
}

/** The point of no return, told in one write. */
async function mark(platform: Platform, savepoint: StoredSavepoint, actor: string): Promise<StoredSavepoint> {
  const { stores } = platform;
  await refuseWhileNeeded(platform, savepoint);
  await refuseWhileCopied(platform, savepoint);
  const at = platform.now().toISOString();
  const deletion = { at: savepoint.deletion?.at ?? at, by: savepoint.deletion?.by ?? actor, purgeAt: at };
  const marked: StoredSavepoint = { ...savepoint, state: 'deleted', deletion, isPurging: true };
  const earlier = savepoint.deletion?.purgeAt;
  try {
    await stores.commit([
      stores.savepoints.changed(marked),
      stores.due.added(purgeDue(savepoint, at)),
      ...(earlier === undefined || earlier === at ? [] : [stores.due.removed(purgeDue(savepoint, earlier))]),
    ]);
  } catch (cause) {
    if (!(cause instanceof WriteConflict)) throw cause;
    const message = `Cannot delete savepoint ${savepoint.id}: somebody began to use it at the same moment; look at it and try again`;
    throw new Problem('savepoint-in-use', message, { cause });
  }
  return { ...marked, revision: savepoint.revision + 1 };
}
