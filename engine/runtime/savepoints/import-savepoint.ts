import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isFenced, type CheckpointStorage } from '../../host.ts';
import { RequestLimit } from '../coordinator/request-limit.ts';
import { encodeJson } from '../coordinator/json-object.ts';
import { chunksOf, parseManifest, type Manifest } from '../coordinator/manifest.ts';
import { corruption } from '../coordinator/read-parts.ts';
import { Refusal } from '../coordinator/refusal.ts';
import { ByteStream } from './byte-stream.ts';
import {
  BLOCK_BYTES_MAX,
  BLOCK_HEADER_BYTES,
  FILE_MAGIC,
  readU32,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from './savepoint-file.ts';

/** Chunks that are written at a time; so much memory an import takes, of about a megabyte each. */
const PARALLEL_WRITES = 8;

/**
 * Writes a savepoint that was exported as a file into an empty directory, chunks first and the manifest last.
 *
 * Errors: `Refusal` for a file that is damaged, cut off, or none of ours, and for a directory with a savepoint. Then
 * nothing of it stays behind.
 */
export async function importSavepoint(
  storage: CheckpointStorage,
  directory: string,
  file: AsyncIterable<Uint8Array>,
): Promise<Manifest> {
  const folder = directory.replace(/\/$/, '');
  const written: string[] = [];
  const stream = new ByteStream(file);
  try {
    if ((await storage.get(`${folder}/manifest.json`)) !== undefined) throw taken(folder);
    const reader = new FileReader(stream, folder);
    const manifest = await reader.manifest();
    await writeChunks(storage, reader, { manifest, folder, written });
    await reader.trailer();
    await writeManifest(storage, `${folder}/manifest.json`, manifest);
    return manifest;
  } catch (error) {
    // What went wrong first is what the caller must hear.
    await storage.delete(written).catch(() => undefined);
    throw error;
  } finally {
    await stream.close();
  }
}

async function writeChunks(
  storage: CheckpointStorage,
  reader: FileReader,
  to: { readonly manifest: Manifest; readonly folder: string; readonly written: string[] },
): Promise<void> {
  const limit = new RequestLimit(PARALLEL_WRITES);
  const writes: Promise<unknown>[] = [];
  const chunks = new Map(chunksOf(to.manifest).map((chunk) => [chunk.key, chunk]));
  try {
    for (const chunk of chunks.values()) {
      const bytes = await reader.block(`chunk "${chunk.key}"`);
      const reason = corruption(chunk, bytes);
      if (reason !== undefined)
        throw reader.refusal(`chunk "${chunk.key}" is not what its manifest names (${reason})`);
      const key = `${to.folder}/${chunk.key}`;
      to.written.push(key);
      // Reading goes on as soon as one more may be written, not before.
      await limit.enter();
      const write = storage.put(key, bytes).finally(() => limit.leave());
      write.catch(() => undefined);
      writes.push(write);
    }
  } finally {
    await Promise.allSettled(writes);
  }
  await Promise.all(writes);
}

async function writeManifest(storage: CheckpointStorage, key: string, manifest: Manifest): Promise<void> {
  try {
    await storage.put(key, encodeJson(manifest), { ifNoneMatch: '*' });
  } catch (cause) {
    if (!isFenced(cause)) throw cause;
    throw taken(key.slice(0, key.lastIndexOf('/')), { cause });
  }
}

function taken(directory: string, options?: ErrorOptions): Refusal {
  return new Refusal(
    `Cannot import a savepoint into "${directory}": there is one already; give an empty directory`,
    options,
  );
}

/** The parts of the file, one after the other, as they were written. */
class FileReader {
  readonly #stream: ByteStream;
  readonly #directory: string;
  readonly #hash: Hash = createHash('sha256');
  #blocks = 0;

  constructor(stream: ByteStream, directory: string) {
    this.#stream = stream;
    this.#directory = directory;
  }

  refusal(reason: string, options?: ErrorOptions): Refusal {
    return new Refusal(`Cannot import a savepoint into "${this.#directory}": ${reason}`, options);
  }

  async manifest(): Promise<Manifest> {
    const magic = await this.#stream.take(FILE_MAGIC.length);
    if (Buffer.compare(magic, FILE_MAGIC) !== 0)
      throw this.refusal(
        'the file is no exported savepoint; give one that "headwater savepoint export" wrote',
      );
    this.#hash.update(magic);
    const bytes = await this.block('the manifest');
    this.#blocks = 0;
    const manifest = parseManifest('the manifest of the file', bytes);
    // Keys become keys of this storage, so none may lead out of the directory.
    const stray = chunksOf(manifest).find(
      ({ key }) => !/^chunks\/[\w.-]+\/[\w-]+$/.test(key) || key.includes('..'),
    );
    if (manifest.selfContained !== true || stray !== undefined)
      throw this.refusal(
        `its manifest names "${stray?.key ?? 'objects'}" outside of the file; export it again`,
      );
    return manifest;
  }

  async block(what: string): Promise<Uint8Array> {
    const header = await this.#take(BLOCK_HEADER_BYTES, what);
    const length = readU32(header, 0);
    if (length > BLOCK_BYTES_MAX) throw this.refusal(`the file is damaged: ${what} has ${length} bytes`);
    const bytes = await this.#take(length, what);
    const crc = readU32(header, 4);
    if (crc32(bytes) !== crc)
      throw this.refusal(`the file is damaged: ${what} has CRC ${crc32(bytes)}, it was written with ${crc}`);
    this.#blocks += 1;
    return bytes;
  }

  /** Nothing is missing, nothing was exchanged, and nothing follows. */
  async trailer(): Promise<void> {
    const magic = await this.#take(TRAILER_MAGIC.length, 'the trailer');
    const trailer = await this.#stream.take(TRAILER_BYTES);
    const whole = trailer.length === TRAILER_BYTES && Buffer.compare(magic, TRAILER_MAGIC) === 0;
    if (!whole || readU32(trailer, 0) !== this.#blocks)
      throw this.refusal('the file is damaged: it does not end with the trailer of its chunks');
    this.#hash.update(trailer.subarray(0, 4));
    if (Buffer.compare(this.#hash.digest(), trailer.subarray(4)) !== 0)
      throw this.refusal('the file is damaged: its SHA-256 is not that of its trailer');
    if ((await this.#stream.take(1)).length > 0)
      throw this.refusal('the file is damaged: something follows its trailer');
  }

  async #take(length: number, what: string): Promise<Uint8Array> {
    const bytes = await this.#stream.take(length);
    if (bytes.length < length)
      throw this.refusal(`the file is cut off: it ends in ${what}, after ${bytes.length} of ${length} bytes`);
    this.#hash.update(bytes);
    return bytes;
  }
}
