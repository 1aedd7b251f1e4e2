import type { CheckpointStorage } from '../../host.ts';
import { findManifest, type LocatedManifest } from './manifest.ts';
import { storageKeys } from './storage-keys.ts';

/**
 * Reads every savepoint below the deployment that is not among those `known`; gives all that are there now.
 *
 * Others copy savepoints, whose manifest they write before that of the original goes. A listing that goes over both
 * places in between sees neither of the two; so it is repeated until it says the same twice, and all of it was there.
 * Throws when one cannot be read: what it refers to would be taken for garbage.
 */
export async function readSavepoints(
  storage: CheckpointStorage,
  prefix: string,
  known: ReadonlyMap<string, LocatedManifest> = new Map(),
): Promise<Map<string, LocatedManifest>> {
  let before = await manifestKeys(storage, prefix);
  for (;;) {
    const present = new Map<string, LocatedManifest>();
    for (const key of before) {
      const read = known.get(key) ?? (await findManifest(storage, key));
      if (read !== undefined) present.set(key, read);
    }
    const after = await manifestKeys(storage, prefix);
    if (after.join() === before.join() && present.size === before.length) return present;
    before = after;
  }
}

async function manifestKeys(storage: CheckpointStorage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(storageKeys.savepoints(prefix)))
    if (key.endsWith('/manifest.json')) keys.push(key);
  return keys;
}
