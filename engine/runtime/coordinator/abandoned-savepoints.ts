import { storageKeys } from './storage-keys.ts';

/** Above the time that anybody takes between two objects of one savepoint, be it a copy or an upload. */
const ABANDONED_MS = 24 * 3_600_000;

/** When objects were last written. */
export interface WriteTimes {
  readonly nowMs: number;
  /** Every object whose key begins with `prefix`. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly writtenAtMs: number }>;
}

/** What lies in one folder below the savepoints of a deployment. */
interface Folder {
  readonly keys: string[];
  newestMs: number;
  hasManifest: boolean;
}

/**
 * The objects of savepoints that came to no end: an import or a copy that a crash has cut off.
 *
 * A manifest is written last, here and by Flink, so a folder without one is no savepoint. Whether it will become one only
 * time tells: it counts as given up when nothing was written there for a day.
 */
export async function abandonedSavepoints(times: WriteTimes, prefix: string): Promise<string[]> {
  const root = storageKeys.savepoints(prefix);
  const folders = new Map<string, Folder>();
  for await (const { key, writtenAtMs } of times.list(root)) {
    const name = /^[^/]+(?=\/)/.exec(key.slice(root.length))?.[0];
    if (name === undefined) continue;
    const folder = folders.get(name) ?? { keys: [], newestMs: 0, hasManifest: false };
    folders.set(name, folder);
    folder.keys.push(key);
    folder.newestMs = Math.max(folder.newestMs, writtenAtMs);
    folder.hasManifest ||= /\/(?:manifest\.json|_metadata)$/.test(key);
  }
  return [...folders.values()]
    .filter(({ hasManifest, newestMs }) => !hasManifest && newestMs < times.nowMs - ABANDONED_MS)
    .flatMap(({ keys }) => keys);
}
