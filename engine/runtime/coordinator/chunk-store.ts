import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CheckpointStorage } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import type { ManifestChunk, ManifestOperator } from './manifest.ts';
import { Refusal } from './refusal.ts';

/**
 * Objects with state, named by their content: what did not change since the last checkpoint is not written
 * again.
 *
 * `present` are the keys that surely exist; only the owner of the directory knows, since it deletes them.
 */
export async function writeChunk(
  storage: CheckpointStorage,
  directory: string,
  part: SnapshotPart,
  present: Set<string>,
): Promise<{ readonly chunk: ManifestChunk; readonly written: number }> {
  const { bytes, keyGroups, distribution, state, entries } = part;
  const key = `${directory}/chunks/${createHash('sha256').update(bytes).digest('hex')}`;
  const chunk: ManifestChunk = {
    key,
    bytes: bytes.length,
    crc: crc32(bytes),
    keyGroups,
    ...(distribution === 'key-groups' ? {} : { distribution }),
    state,
    entries,
  };
  if (present.has(key)) return { chunk, written: 0 };
  await storage.put(key, bytes);
  present.add(key);
  return { chunk, written: bytes.length };
}

/**
 * Reads the state of operators back. Throws a `Refusal` on an object that is missing or not what was written.
 */
export async function readParts(
  storage: CheckpointStorage,
  operators: readonly ManifestOperator[],
): Promise<SnapshotPart[]> {
  const wanted = operators.flatMap((operator) => operator.chunks.map((chunk) => ({ operator, chunk })));
  const parts: SnapshotPart[] = [];
  // A few at a time: each costs a round trip, all at once would be a burst that S3 slows down.
  for (let start = 0; start < wanted.length; start += PARALLEL_READS) {
    const some = wanted.slice(start, start + PARALLEL_READS);
    parts.push(...(await Promise.all(some.map(({ operator, chunk }) => readPart(storage, operator, chunk)))));
  }
  return parts;
}

const PARALLEL_READS = 16;

async function readPart(
  storage: CheckpointStorage,
  operator: ManifestOperator,
  chunk: ManifestChunk,
): Promise<SnapshotPart> {
  const found = await storage.get(chunk.key);
  const where = `state "${chunk.state}" of operator "${operator.name}"`;
  if (found === undefined) throw new Refusal(`Cannot restore ${where}: object "${chunk.key}" is missing`);
  const { bytes } = found;
  if (bytes.length !== chunk.bytes || crc32(bytes) !== chunk.crc) {
    throw new Refusal(
      `Cannot restore ${where}: object "${chunk.key}" is corrupt (${bytes.length} bytes, CRC ${crc32(bytes)}; the manifest says ${chunk.bytes} bytes, CRC ${chunk.crc})`,
    );
  }
  const { state, keyGroups, distribution = 'key-groups', entries } = chunk;
  // A part goes to another thread with all the memory that it lies in, so it gets memory of its own.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  return {
    operatorId: operator.id,
    operatorName: operator.name,
    state,
    keyGroups,
    distribution,
    entries,
    bytes: own,
  };
}
