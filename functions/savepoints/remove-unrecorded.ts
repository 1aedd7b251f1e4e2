/** Manifests of savepoints that no record names: what a crash has left between the manifest and its record. */
import { bucketKeys } from '#contract/names.ts';
import type { Platform } from '../middleware/platform.ts';

/** Above the time in which anybody writes the record of a manifest. */
const ABANDONED_MS = 24 * 3_600_000;

/** Removes those of a deployment that are a day old; they would hold their chunks for ever. */
export async function removeUnrecorded(
  { stores, now }: Pick<Platform, 'stores' | 'now'>,
  deploymentId: string,
): Promise<void> {
  const root = `${bucketKeys.checkpoints(deploymentId)}/savepoints/`;
  const before = now().getTime() - ABANDONED_MS;
  const old: string[] = [];
  for await (const { key, writtenAtMs } of stores.savepointObjects.writes(root)) {
    if (key.endsWith('/manifest.json') && writtenAtMs < before) old.push(key);
  }
  if (old.length === 0) return;
  // Read after the listing: a record that comes later is one of a younger manifest.
  const [savepoints, copies] = await Promise.all([
    stores.savepoints.all(deploymentId),
    stores.savepointCopies.of(deploymentId),
  ]);
  const folders = [
    ...savepoints.map(({ location }) => stores.jobFiles.keyOf(location)),
    ...copies.flatMap(({ folder }) => folder ?? []),
  ];
  // A worker may have made a folder inside of the one that it was given.
  const unrecorded = old.filter((key) => !folders.some((folder) => key.startsWith(`${folder}/`)));
  await stores.savepointObjects.storage.delete(unrecorded);
}
