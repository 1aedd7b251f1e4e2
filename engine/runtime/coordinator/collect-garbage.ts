import { isFenced, type CheckpointStorage } from '../../host.ts';
import { abandonedSavepoints, type WriteTimes } from './abandoned-savepoints.ts';
import { collectedFolders, garbageOf, isCollectable } from './garbage.ts';
import { parseHead } from './head.ts';
import { encodeJson } from './json-object.ts';
import { findManifest, type LocatedManifest } from './manifest.ts';
import { readSavepoints } from './pool-savepoints.ts';
import { storageKeys } from './storage-keys.ts';

/** What became of a collection. */
export type Collection =
  | { readonly outcome: 'collected'; readonly objects: number }
  /** A job of the deployment was started meanwhile and will collect by itself; nothing was deleted. */
  | { readonly outcome: 'overtaken' };

/**
 * Deletes every chunk and checkpoint of the deployment under `prefix` that no retained checkpoint and no savepoint
 * refers to, and where `times` tells their age, savepoints that came to no end.
 *
 * Contract: called where no job of the deployment is alive. The epoch of its head is raised first, so that a job that
 * is alive all the same can complete nothing that refers to what is deleted.
 */
export async function collectGarbage(
  storage: CheckpointStorage,
  prefix: string,
  times?: WriteTimes,
): Promise<Collection> {
  const key = storageKeys.head(prefix);
  const found = await storage.get(key);
  if (found === undefined) return { outcome: 'collected', objects: 0 };
  const before = parseHead(key, found.bytes);
  const epoch = before.epoch + 1;
  let etag: string;
  try {
    ({ etag } = await storage.put(key, encodeJson({ ...before, epoch }), { ifMatch: found.etag }));
  } catch (error) {
    if (isFenced(error)) return { outcome: 'overtaken' };
    throw error;
  }
  const objects: string[] = [];
  for (const folder of collectedFolders(prefix)) {
    for await (const object of storage.list(folder)) {
      if (isCollectable(prefix, object, epoch)) objects.push(object);
    }
  }
  const savepoints = await readSavepoints(storage, prefix);
  const { checkpoint } = before;
  const retained = checkpoint === undefined ? [] : [checkpoint, ...(checkpoint.retained ?? [])];
  const checkpoints = await readRetained(storage, retained);
  const abandoned = times === undefined ? [] : await abandonedSavepoints(times, prefix);
  // Whatever starts from here on finds all that is referred to, and writes under an epoch of its own.
  if ((await storage.get(key))?.etag !== etag) return { outcome: 'overtaken' };
  const unneeded = garbageOf({ objects, manifests: [...checkpoints, ...savepoints.values()], held: [] });
  const garbage = [...unneeded, ...abandoned];
  await storage.delete(garbage);
  return { outcome: 'collected', objects: garbage.length };
}

/** One that is gone refers to nothing; one that cannot be read stops the collection. */
async function readRetained(
  storage: CheckpointStorage,
  retained: readonly { readonly manifest: string }[],
): Promise<LocatedManifest[]> {
  const read: LocatedManifest[] = [];
  for (const { manifest } of retained) {
    const found = await findManifest(storage, manifest);
    if (found !== undefined) read.push(found);
  }
  return read;
}
