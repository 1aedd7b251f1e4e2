/** Savepoints on their way to the trash and back, and those that nobody may delete. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Write } from '../stores/database.ts';
import type { Due } from '../stores/due.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { refuseWhileNeeded } from './refuse-needed.ts';
import { savepointEvent } from '../steps/savepoint-context.ts';

const DAY_MS = 86_400_000;
/** For how long a deletion can be undone. */
const TRASH_DAYS = 7;

/** Whose act it is. */
interface Act {
  readonly savepoint: StoredSavepoint;
  readonly actor: string;
}

/** Moves a savepoint to the trash. Errors: `savepoint-held`, `savepoint-in-use`. */
export async function trashSavepoint(
  platform: Platform,
  { savepoint, actor }: Act,
): Promise<StoredSavepoint> {
  if (savepoint.deletion !== null) return savepoint;
  await refuseWhileNeeded(platform, savepoint);
  const at = platform.now();
  const purgeAt = new Date(at.getTime() + TRASH_DAYS * DAY_MS).toISOString();
  const deletion = { at: at.toISOString(), by: actor, purgeAt };
  const message = `Savepoint ${savepoint.id} was deleted; it can be brought back until ${purgeAt}.`;
  return change(platform, { ...savepoint, state: 'deleted', deletion }, [
    platform.stores.due.added(purgeDue(savepoint, purgeAt)),
    savepointEvent(platform, savepoint, { name: 'savepoint-deleted', message, actor }),
  ]);
}

/** Brings a savepoint back from the trash. Errors: `savepoint-in-use` when its time is up. */
export async function undeleteSavepoint(
  platform: Platform,
  { savepoint, actor }: Act,
): Promise<StoredSavepoint> {
  const { deletion, id } = savepoint;
  if (deletion === null) return savepoint;
  if (savepoint.isPurging)
    throw new Problem(
      'savepoint-in-use',
      `Cannot undelete savepoint ${id}: it is being removed for good since ${deletion.purgeAt}; take or import another one`,
    );
  const state = savepoint.completedAt === null ? 'failed' : 'completed';
  return change(platform, { ...savepoint, state, deletion: null }, [
    platform.stores.due.removed(purgeDue(savepoint, deletion.purgeAt)),
    savepointEvent(platform, savepoint, {
      name: 'savepoint-restored',
      message: `Savepoint ${id} was brought back from the trash.`,
      actor,
    }),
  ]);
}

/** From now on nobody and no rule may delete it. Errors: `savepoint-incomplete` for one that holds no state. */
export async function holdSavepoint(
  platform: Platform,
  { savepoint, actor }: Act,
  reason: string,
): Promise<StoredSavepoint> {
  const { id, state } = savepoint;
  if (state !== 'completed')
    throw new Problem(
      'savepoint-incomplete',
      `Cannot hold savepoint ${id}: it is ${state}; hold a completed one, or undelete it first`,
    );
  const hold = { reason, by: actor, at: platform.now().toISOString() };
  return change(platform, { ...savepoint, hold }, [
    savepointEvent(platform, savepoint, {
      name: 'savepoint-held',
      message: `Savepoint ${id} is held: ${reason}`,
      actor,
    }),
  ]);
}

/** From now on it may be deleted again. */
export async function releaseSavepoint(
  platform: Platform,
  { savepoint, actor }: Act,
): Promise<StoredSavepoint> {
  if (savepoint.hold === null) return savepoint;
  return change(platform, { ...savepoint, hold: null }, [
    savepointEvent(platform, savepoint, {
      name: 'savepoint-released',
      message: `Savepoint ${savepoint.id} is held no more.`,
      actor,
    }),
  ]);
}

/** Throws `savepoint-held` while one of the savepoints of a deployment is; whoever removes it for good asks first. */
export async function refuseWhileOneIsHeld(
  { stores }: Platform,
  { id, name }: Pick<Deployment, 'id' | 'name'>,
): Promise<void> {
  for (const savepoint of await stores.savepoints.all(id)) {
    if (savepoint.hold === null) continue;
    const { by, at, reason } = savepoint.hold;
    throw new Problem(
      'savepoint-held',
      `Cannot delete deployment "${name}" for good: ${by} holds its savepoint ${savepoint.id} since ${at} ("${reason}"); release it first`,
    );
  }
}

/** That a savepoint goes for good at this time. */
export function purgeDue({ namespace, deployment, deploymentId, id }: Savepoint, at: string): Due {
  return { at, kind: 'purge-savepoint', namespace, deployment, deploymentId, id };
}

async function change(
  { stores }: Platform,
  next: StoredSavepoint,
  writes: readonly Write[],
): Promise<StoredSavepoint> {
  try {
    await stores.commit([stores.savepoints.changed(next), ...writes]);
  } catch (cause) {
    if (!(cause instanceof WriteConflict)) throw cause;
    const message = `Cannot change savepoint ${next.id}: somebody else did so at the same moment; look at it and try again`;
    throw new Problem('savepoint-in-use', message, { cause });
  }
  return { ...next, revision: next.revision + 1 };
}
