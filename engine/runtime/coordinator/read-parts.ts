import { crc32 } from 'node:zlib';
import type { CheckpointStorage, Compression } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { RequestLimit } from './request-limit.ts';
import type { ManifestChunk, ManifestOperator } from './manifest.ts';
import { Refusal } from './refusal.ts';
import type { Renames } from './renamed-operators.ts';

/** Where state is read from. */
export interface ChunkSource {
  readonly storage: CheckpointStorage;
  readonly compression: Compression;
  /** Operators that have other names in the state than in the program. */
  readonly renames?: Renames;
  /** Leaves out what whoever asks has read already. */
  readonly unread?: Unread;
}

/** Operators with those of their chunks that are yet to be read. */
export type Unread = (operators: readonly ManifestOperator[]) => readonly ManifestOperator[];

/** Reads at a time: each costs a round trip, all at once would be a burst that S3 slows down. */
const PARALLEL_READS = 16;

/**
 * Reads the state of operators back, in the order of the manifest. Throws a `Refusal` on an object that is missing or
 * not what was written.
 */
export async function readParts(
  source: ChunkSource,
  operators: readonly ManifestOperator[],
): Promise<SnapshotPart[]> {
  const limit = new RequestLimit(PARALLEL_READS);
  const parts = operators.flatMap((operator) =>
    operator.chunks.map((chunk) => limit.run(() => readPart(source, operator, chunk))),
  );
  const outcomes = await Promise.allSettled(parts);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function readPart(
  source: ChunkSource,
  { id, name }: ManifestOperator,
  chunk: ManifestChunk,
): Promise<SnapshotPart> {
  const { state, keyGroups, distribution = 'key-groups', entries } = chunk;
  const bytes = await readChunkBytes(source, chunk, `Cannot restore state "${state}" of operator "${name}"`);
  return { operatorId: id, operatorName: name, state, keyGroups, distribution, entries, bytes };
}

async function readChunkBytes(
  { storage, compression }: ChunkSource,
  chunk: ManifestChunk,
  what: string,
): Promise<Uint8Array> {
  const found = await storage.get(chunk.key);
  if (found === undefined) throw new Refusal(`${what}: object "${chunk.key}" is missing`);
  const { bytes } = found;
  const corrupt = corruption(chunk, bytes);
  if (corrupt !== undefined) throw new Refusal(`${what}: object "${chunk.key}" is corrupt (${corrupt})`);
  if (chunk.encoding === undefined) return alone(bytes);
  if (chunk.encoding !== 'zstd') {
    throw new Refusal(
      `${what}: object "${chunk.key}" has encoding "${String(chunk.encoding)}", this engine reads zstd`,
    );
  }
  return alone(await compression.decompress(bytes));
}

/** What is wrong with the object of a chunk; undefined where it is what was written. */
export function corruption(chunk: ManifestChunk, bytes: Uint8Array): string | undefined {
  const crc = crc32(bytes);
  if (bytes.length === chunk.bytes && crc === chunk.crc) return undefined;
  return `${bytes.length} bytes, CRC ${crc}; the manifest says ${chunk.bytes} bytes, CRC ${chunk.crc}`;
}

/**
 * A part goes to another thread with all the memory that it lies in, so it gets memory of its own: storage may keep
 * what it gave, and Node lets small buffers share theirs.
 */
function alone(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
