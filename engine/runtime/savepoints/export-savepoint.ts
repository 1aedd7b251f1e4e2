import { createHash } from 'node:crypto';
import type { CheckpointStorage } from '../../host.ts';
import { encodeJson } from '../coordinator/json-object.ts';
import { chunksOf, readManifest, type ManifestChunk } from '../coordinator/manifest.ts';
import { corruption } from '../coordinator/read-parts.ts';
import { Refusal } from '../coordinator/refusal.ts';
import { selfContained } from '../coordinator/savepoint-store.ts';
import { blockHeader, countBytes, FILE_MAGIC, TRAILER_MAGIC } from './savepoint-file.ts';

/** Chunks that are read before they are asked for; so much memory an export takes, of about a megabyte each. */
const READ_AHEAD = 4;

/**
 * Gives a savepoint or checkpoint as one file that stands for itself, piece by piece.
 *
 * Contract: `location` is the key of a manifest or the directory of a savepoint. Every chunk is checked on its way, so
 * that what was exported can be restored from.
 * Errors: `Refusal` where the savepoint is missing or damaged; the file then has no trailer and no import takes it.
 */
export async function* exportSavepoint(
  storage: CheckpointStorage,
  location: string,
): AsyncGenerator<Uint8Array, void, void> {
  const { key, manifest } = await readManifest(storage, location);
  const hash = createHash('sha256');
  const hashed = (bytes: Uint8Array): Uint8Array => {
    hash.update(bytes);
    return bytes;
  };
  yield hashed(FILE_MAGIC);
  const document = encodeJson(selfContained(manifest));
  yield hashed(blockHeader(document));
  yield hashed(document);
  const chunks = [...new Map(chunksOf(manifest).map((chunk) => [chunk.key, chunk])).values()];
  for await (const bytes of readAhead(storage, key, chunks)) {
    yield hashed(blockHeader(bytes));
    yield hashed(bytes);
  }
  yield hashed(TRAILER_MAGIC);
  yield hashed(countBytes(chunks.length));
  yield hash.digest();
}

async function* readAhead(
  storage: CheckpointStorage,
  location: string,
  chunks: readonly ManifestChunk[],
): AsyncGenerator<Uint8Array, void, void> {
  const reads: Promise<Uint8Array>[] = [];
  for (let next = 0; next < chunks.length || reads.length > 0;) {
    const chunk = chunks[next];
    if (chunk !== undefined && reads.length < READ_AHEAD) {
      const read = readChecked(storage, location, chunk);
      // Its turn comes later; until then a failure waits.
      read.catch(() => undefined);
      reads.push(read);
      next += 1;
      continue;
    }
    const first = reads.shift();
    if (first !== undefined) yield await first;
  }
}

async function readChecked(
  storage: CheckpointStorage,
  location: string,
  chunk: ManifestChunk,
): Promise<Uint8Array> {
  const found = await storage.get(chunk.key);
  if (found === undefined)
    throw new Refusal(`Cannot export savepoint "${location}": object "${chunk.key}" is missing`);
  const reason = corruption(chunk, found.bytes);
  if (reason !== undefined)
    throw new Refusal(`Cannot export savepoint "${location}": object "${chunk.key}" is corrupt (${reason})`);
  return found.bytes;
}
