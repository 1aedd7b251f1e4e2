import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CheckpointStorage, Compression } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { RequestLimit } from './request-limit.ts';
import type { ManifestChunk } from './manifest.ts';

/** Writes at a time; each costs S3 some 30 ms, whatever its size up to a megabyte. */
const PARALLEL_WRITES = 8;

/**
 * The objects with state that one epoch of a deployment writes, named by their content.
 *
 * Contract: only the holder of the epoch writes and deletes here, so what it wrote it need not write again. A name
 * that was handed out to be deleted is used again only when the deletion is over: otherwise the two might overtake
 * each other.
 */
export class ChunkPool {
  readonly #storage: CheckpointStorage;
  readonly #compression: Compression;
  readonly #directory: string;
  readonly #limit = new RequestLimit(PARALLEL_WRITES);
  /** Written, or being written. */
  readonly #objects = new Map<string, Promise<void>>();
  readonly #writing = new Set<string>();
  readonly #condemned = new Set<string>();
  /** Hears of every key before it is written. */
  readonly #writes: (key: string) => void;

  constructor(
    storage: CheckpointStorage,
    pool: {
      readonly directory: string;
      readonly compression: Compression;
      readonly writes: (key: string) => void;
    },
  ) {
    this.#storage = storage;
    this.#compression = pool.compression;
    this.#directory = pool.directory;
    this.#writes = pool.writes;
  }

  /**
   * Stores a part; `named` hears of its chunk before anything is written, so that nobody takes the object for garbage.
   * Gives the number of bytes that had to be written.
   */
  store(part: SnapshotPart, named: (chunk: ManifestChunk) => void): Promise<number> {
    return this.#limit.run(async () => {
      const compressed = await this.#compression.compress(part.bytes);
      const smaller = compressed.length < part.bytes.length;
      const bytes = smaller ? compressed : part.bytes;
      const chunk = this.#chunkOf(part, bytes, smaller);
      named(chunk);
      return this.#put(chunk.key, bytes);
    });
  }

  /** Objects on their way; a deletion and they might overtake each other. */
  get writing(): ReadonlySet<string> {
    return this.#writing;
  }

  /** Hands out names to be deleted. */
  condemn(keys: Iterable<string>): void {
    for (const key of keys) {
      this.#objects.delete(key);
      this.#condemned.add(key);
    }
  }

  /** The objects of these names are surely gone. */
  deleted(keys: Iterable<string>): void {
    for (const key of keys) this.#condemned.delete(key);
  }

  #chunkOf(part: SnapshotPart, bytes: Uint8Array, compressed: boolean): ManifestChunk {
    const { keyGroups, distribution, state, entries } = part;
    return {
      key: this.#nameOf(createHash('sha256').update(bytes).digest('hex')),
      bytes: bytes.length,
      rawBytes: part.bytes.length,
      ...(compressed ? { encoding: 'zstd' } : {}),
      crc: crc32(bytes),
      keyGroups,
      ...(distribution === 'key-groups' ? {} : { distribution }),
      state,
      entries,
    };
  }

  #nameOf(hash: string): string {
    const key = `${this.#directory}${hash}`;
    let name = key;
    for (let copy = 2; this.#condemned.has(name); copy += 1) name = `${key}-${copy}`;
    return name;
  }

  async #put(key: string, bytes: Uint8Array): Promise<number> {
    const present = this.#objects.get(key);
    if (present !== undefined) {
      await present;
      return 0;
    }
    this.#writes(key);
    const written = this.#storage.put(key, bytes).then(() => undefined);
    this.#objects.set(key, written);
    this.#writing.add(key);
    try {
      await written;
    } catch (error) {
      this.#objects.delete(key);
      throw error;
    } finally {
      this.#writing.delete(key);
    }
    return bytes.length;
  }
}
