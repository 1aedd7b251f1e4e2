import type { CheckpointStorage } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { readParts } from './chunk-store.ts';
import { readManifest, type LocatedManifest } from './manifest.ts';
import { Refusal } from './refusal.ts';

/** A checkpoint or savepoint that was read whole: every object is there and is what was written. */
export interface ReadCheckpoint {
  readonly located: LocatedManifest;
  readonly parts: readonly SnapshotPart[];
}

/** A checkpoint that could not be read, and why. */
export interface UnreadableCheckpoint {
  readonly manifest: string;
  readonly reason: string;
}

/** Reads the manifest at `location` with all its state. Throws a `Refusal` when anything is missing or damaged. */
export async function readCheckpoint(storage: CheckpointStorage, location: string): Promise<ReadCheckpoint> {
  const located = await readManifest(storage, location);
  return { located, parts: await readParts(storage, located.manifest.operators) };
}

/**
 * Reads the checkpoint at `key`, or the newest before it in the same directory that can be read whole: sources
 * rewind to wherever it stands, so an older one costs time and loses nothing.
 *
 * Throws a `Refusal` when none can be read; to begin with empty state is nothing that anybody but a person decides.
 */
export async function readNewestCheckpoint(
  storage: CheckpointStorage,
  key: string,
  unreadable: (checkpoint: UnreadableCheckpoint) => void,
): Promise<ReadCheckpoint> {
  let first: Refusal | undefined;
  for await (const candidate of newestFirst(storage, key)) {
    try {
      return await readCheckpoint(storage, candidate);
    } catch (error) {
      // A storage that does not answer is no reason to go back in time.
      if (!(error instanceof Refusal)) throw error;
      first ??= error;
      unreadable({ manifest: candidate, reason: error.message });
    }
  }
  throw new Refusal(
    `Cannot recover from checkpoint "${key}", nor from an older one: ${first?.message ?? 'there is none'}; start the deployment from a savepoint, or with restore strategy "none" to begin with empty state`,
    { cause: first },
  );
}

/** `key` itself, then the older checkpoints beside it; they are looked for only when they are needed. */
async function* newestFirst(storage: CheckpointStorage, key: string): AsyncIterable<string> {
  yield key;
  const directory = key.slice(0, key.lastIndexOf('/') + 1);
  const newest = idOf(key) ?? 0;
  const older: { readonly id: number; readonly key: string }[] = [];
  for await (const found of storage.list(`${directory}chk-`)) {
    const id = idOf(found);
    if (id !== undefined && id < newest) older.push({ id, key: found });
  }
  for (const found of older.sort((a, b) => b.id - a.id)) yield found.key;
}

function idOf(key: string): number | undefined {
  const [, id] = /\/chk-(\d+)\.json$/.exec(key) ?? [];
  return id === undefined ? undefined : Number(id);
}
