import type { KeyGroupRange } from '../../data/key-groups.ts';
import type { StateDescription } from '../../graph/describe-graph.ts';
import type { CheckpointStorage } from '../../host.ts';
import type { Distribution } from '../../state/redistribution.ts';
import { decodeJson } from './json-object.ts';
import { Refusal } from './refusal.ts';

/** The layout of manifests that this version writes, and the newest that it reads. */
export const MANIFEST_VERSION = 2;

/** What wrote a manifest, for people; nothing hangs on it. */
export const ENGINE_VERSION = '0.1.0';

/**
 * One object with state: the parts of a table in the order in which they were written, so that the last entry for a
 * key wins.
 */
export interface ManifestChunk {
  /** In the storage; below the directory of the manifest where that is self-contained. */
  readonly key: string;
  /** Of the object. */
  readonly bytes: number;
  /** CRC-32 of the object. */
  readonly crc: number;
  /** Absent for bytes as they are. */
  readonly encoding?: 'zstd';
  /** Before the encoding; absent in version 1. */
  readonly rawBytes?: number;
  readonly keyGroups: KeyGroupRange;
  /** Absent for keyed state. */
  readonly distribution?: Exclude<Distribution, 'key-groups'>;
  readonly state: string;
  readonly entries: number;
}

/** An operator and its state. */
export interface ManifestOperator {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Subtasks that wrote its state; absent in version 1. */
  readonly parallelism?: number;
  /** Its state cells as they were declared: what an upgrade is judged by. */
  readonly state: readonly StateDescription[];
  readonly chunks: readonly ManifestChunk[];
}

/** How far a split was read. */
export interface ManifestSplit {
  readonly operatorId: string;
  readonly id: string;
  readonly position: string;
  readonly finished: boolean;
}

/** How often the state of a checkpoint goes without a record that was set aside, and has taken it in again. */
export interface ManifestLetter {
  /** Of its dead letter. */
  readonly id: string;
  readonly setAside: number;
  readonly replayed: number;
}

/** All that a job needs to go on: a checkpoint or savepoint is complete when its manifest is written. */
export interface Manifest {
  readonly version: number;
  /** Absent in version 1, as the epoch, the backend and `selfContained` are. */
  readonly engineVersion?: string;
  readonly epoch?: number;
  readonly stateBackend?: string;
  /** True when the chunks lie in the directory of the manifest and are named from there. */
  readonly selfContained?: boolean;
  readonly application: string;
  readonly graphHash: string;
  readonly jobId: string;
  readonly checkpointId: number;
  readonly savepoint: boolean;
  readonly triggeredAt: string;
  readonly completedAt: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly operators: readonly ManifestOperator[];
  readonly splits: readonly ManifestSplit[];
  /** Absent where no record was ever set aside. */
  readonly letters?: readonly ManifestLetter[];
}

/** A manifest with the key under which it was found. */
export interface LocatedManifest {
  readonly key: string;
  readonly manifest: Manifest;
}

/** Reads a manifest by its key or by the directory of its savepoint. */
export async function readManifest(storage: CheckpointStorage, location: string): Promise<LocatedManifest> {
  const key = location.endsWith('.json') ? location : `${location.replace(/\/$/, '')}/manifest.json`;
  const located = await findManifest(storage, key);
  if (located === undefined)
    throw new Refusal(`Cannot restore from "${location}": there is no object "${key}"`);
  return located;
}

/** The manifest at `key`; undefined where nothing is. */
export async function findManifest(
  storage: CheckpointStorage,
  key: string,
): Promise<LocatedManifest | undefined> {
  const found = await storage.get(key);
  return found === undefined
    ? undefined
    : { key, manifest: withFullKeys(key, parseManifest(key, found.bytes)) };
}

/** A self-contained savepoint can be moved with its directory, since it names its chunks from there. */
function withFullKeys(key: string, manifest: Manifest): Manifest {
  if (manifest.selfContained !== true) return manifest;
  const directory = key.slice(0, key.lastIndexOf('/'));
  return mapChunks(manifest, (chunk) => ({ ...chunk, key: `${directory}/${chunk.key}` }));
}

/** The manifest with every chunk replaced. */
export function mapChunks(manifest: Manifest, change: (chunk: ManifestChunk) => ManifestChunk): Manifest {
  return {
    ...manifest,
    operators: manifest.operators.map((operator) => ({ ...operator, chunks: operator.chunks.map(change) })),
  };
}

/** Throws a `Refusal` for what is no manifest that this engine reads. */
export function parseManifest(key: string, bytes: Uint8Array): Manifest {
  const content = decodeJson(key, bytes);
  const { version, operators, splits, maxParallelism, checkpointId } = content;
  if (typeof version !== 'number' || version > MANIFEST_VERSION) {
    throw new Refusal(
      `Cannot restore from "${key}": its version is ${String(version)}, and this engine reads up to ${MANIFEST_VERSION}`,
    );
  }
  if (
    !Array.isArray(operators) ||
    !Array.isArray(splits) ||
    typeof maxParallelism !== 'number' ||
    typeof checkpointId !== 'number'
  ) {
    throw new Refusal(`Cannot restore from "${key}": it is not a manifest of a checkpoint`);
  }
  // Written by us under this version; every chunk is checked by its CRC when it is read.
  return content as unknown as Manifest;
}

/** Every object with state that a manifest refers to. */
export function chunksOf(manifest: Manifest): readonly ManifestChunk[] {
  return manifest.operators.flatMap(({ chunks }) => chunks);
}
