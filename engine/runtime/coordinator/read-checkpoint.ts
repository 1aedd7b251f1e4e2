import type { CheckpointStorage } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { readManifest, type LocatedManifest } from './manifest.ts';
import { readParts, type ChunkSource } from './read-parts.ts';
import { Refusal } from './refusal.ts';
import { renameOperators } from './renamed-operators.ts';

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
export async function readCheckpoint(source: ChunkSource, location: string): Promise<ReadCheckpoint> {
  const located = renameOperators(await readManifest(source.storage, location), source.renames ?? {});
  const { operators } = located.manifest;
  return { located, parts: await readParts(source, source.unread?.(operators) ?? operators) };
}

/**
 * Reads the first of these checkpoints, newest first, that can be read whole: sources rewind to wherever it stands, so
 * an older one costs time and loses nothing.
 *
 * Throws a `Refusal` when none can be read; to begin with empty state is nothing that anybody but a person decides.
 */
export async function readNewestCheckpoint(
  source: ChunkSource,
  keys: readonly string[],
  unreadable: (checkpoint: UnreadableCheckpoint) => void,
): Promise<ReadCheckpoint> {
  let first: Refusal | undefined;
  for (const key of keys) {
    try {
      return await readCheckpoint(source, key);
    } catch (error) {
      // A storage that does not answer is no reason to go back in time.
      if (!(error instanceof Refusal)) throw error;
      first ??= error;
      unreadable({ manifest: key, reason: error.message });
    }
  }
  throw new Refusal(
    `Cannot recover from checkpoint "${keys[0] ?? ''}", nor from an older one: ${first?.message ?? 'there is none'}; start the deployment from a savepoint, or with restore strategy "none" to begin with empty state`,
    { cause: first },
  );
}

/** The older checkpoints in the directory of `key`, newest first: where a head of version 1 names only one. */
export async function olderBeside(storage: CheckpointStorage, key: string): Promise<readonly string[]> {
  const directory = key.slice(0, key.lastIndexOf('/') + 1);
  const newest = idOf(key) ?? 0;
  const older: { readonly id: number; readonly key: string }[] = [];
  for await (const found of storage.list(`${directory}chk-`)) {
    const id = idOf(found);
    if (id !== undefined && id < newest) older.push({ id, key: found });
  }
  return older.sort((a, b) => b.id - a.id).map((found) => found.key);
}

function idOf(key: string): number | undefined {
  const [, id] = /\/chk-(\d+)\.json$/.exec(key) ?? [];
  return id === undefined ? undefined : Number(id);
}
