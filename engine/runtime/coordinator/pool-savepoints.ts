import type { CheckpointStorage } from '../../host.ts';
import { findManifest, type LocatedManifest } from './manifest.ts';
import { storageKeys } from './storage-keys.ts';

/**
 * Reads every savepoint below the deployment that is not among those `known`; gives all that are there now.
 *
 * Throws when one cannot be read: what it refers to would be taken for garbage.
 */
export async function readSavepoints(
  storage: CheckpointStorage,
  prefix: string,
  known: ReadonlyMap<string, LocatedManifest> = new Map(),
): Promise<Map<string, LocatedManifest>> {
  const present = new Map<string, LocatedManifest>();
  for await (const key of storage.list(storageKeys.savepoints(prefix))) {
    if (!key.endsWith('/manifest.json')) continue;
    // One that was disposed of since it was listed is none.
    const read = known.get(key) ?? (await findManifest(storage, key));
    if (read !== undefined) present.set(key, read);
  }
  return present;
}
