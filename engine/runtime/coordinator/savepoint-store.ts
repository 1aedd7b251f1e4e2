import { isFenced, type CheckpointStorage } from '../../host.ts';
import { RequestLimit } from './request-limit.ts';
import { storageKeys } from './storage-keys.ts';
import type { Head } from './head.ts';
import { encodeJson } from './json-object.ts';
import { chunksOf, mapChunks, type LocatedManifest, type Manifest } from './manifest.ts';
import { Refusal } from './refusal.ts';

/** Copies at a time; each costs S3 some 30 ms. */
const PARALLEL_COPIES = 16;

/**
 * Completes savepoints: a savepoint counts from the moment that its manifest is there.
 *
 * Below the deployment it names the chunks of the deployment and so holds them; anywhere else it gets copies of them,
 * since there nobody collects and nothing may be missing.
 */
export class SavepointStore {
  readonly #storage: CheckpointStorage;
  readonly #head: Head;
  readonly #prefix: string;

  constructor(storage: CheckpointStorage, head: Head, prefix: string) {
    this.#storage = storage;
    this.#head = head;
    this.#prefix = prefix;
  }

  /** True where a savepoint in this directory names the chunks of the deployment. */
  refersToPool(directory: string): boolean {
    return `${directory}/`.startsWith(storageKeys.savepoints(this.#prefix));
  }

  /**
   * Throws a `Refusal` where there is a savepoint already, and a `FencedError` when the deployment has a newer epoch;
   * what was written of it is taken back.
   */
  async commit(manifest: Manifest, directory: string): Promise<LocatedManifest> {
    await this.#head.verify();
    if ((await this.#storage.get(`${directory}/manifest.json`)) !== undefined) throw taken(directory);
    const owned = this.refersToPool(directory) ? manifest : await this.#copied(manifest, directory);
    const key = `${directory}/manifest.json`;
    const bytes = encodeJson(owned);
    try {
      await this.#write(key, bytes);
      // A job that is replaced by now may have named chunks that its successor has collected.
      await this.#head.verify();
    } catch (error) {
      if (!(error instanceof Refusal)) await this.#takeBack(key, bytes);
      if (owned !== manifest) await this.#discard(directory, owned);
      throw error;
    }
    return { key, manifest };
  }

  async #write(key: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#storage.put(key, bytes, { ifNoneMatch: '*' });
    } catch (cause) {
      // A directory that is taken is the caller's mistake and must not be mistaken for a fence.
      if (!isFenced(cause)) throw cause;
      throw taken(key.slice(0, key.lastIndexOf('/')), { cause });
    }
  }

  /** The manifest with chunks of its own, which lie beside it. */
  async #copied(manifest: Manifest, directory: string): Promise<Manifest> {
    const limit = new RequestLimit(PARALLEL_COPIES);
    const copied = selfContained(manifest);
    const targets = new Map(
      chunksOf(manifest).map(({ key }) => [key, `${directory}/${nameBeside(manifest, key)}`]),
    );
    const copies = [...targets].map(([from, to]) => limit.run(() => copyObject(this.#storage, from, to)));
    const outcomes = await Promise.allSettled(copies);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) return copied;
    await this.#discard(directory, copied);
    throw new Error(`Cannot copy state to "${directory}"`, { cause: failed.reason });
  }

  /** Removes a manifest that is surely ours; another one's stays. */
  async #takeBack(key: string, bytes: Uint8Array): Promise<void> {
    try {
      const present = await this.#storage.get(key);
      if (present !== undefined && Buffer.compare(present.bytes, bytes) === 0)
        await this.#storage.delete([key]);
    } catch {
      // The reason why the savepoint failed is what its caller must hear; without a word of success nobody uses it.
    }
  }

  async #discard(directory: string, manifest: Manifest): Promise<void> {
    const keys = new Set(chunksOf(manifest).map(({ key }) => `${directory}/${key}`));
    // Copies that nobody refers to cost little; whoever gave the directory can empty it.
    await this.#storage.delete([...keys]).catch(() => undefined);
  }
}

/** The manifest as it lies beside copies of its chunks. */
export function selfContained(manifest: Manifest): Manifest {
  return {
    ...mapChunks(manifest, (chunk) => ({ ...chunk, key: nameBeside(manifest, chunk.key) })),
    selfContained: true,
  };
}

/** No two savepoints have a name in common, not even in one directory: so who fails takes back nothing of another. */
function nameBeside({ epoch = 0, checkpointId }: Manifest, key: string): string {
  return `chunks/${epoch}-${checkpointId}/${key.slice(key.lastIndexOf('/') + 1)}`;
}

function taken(directory: string, options?: ErrorOptions): Refusal {
  return new Refusal(
    `Cannot write a savepoint to "${directory}": there is one already; give an empty directory`,
    options,
  );
}

async function copyObject(storage: CheckpointStorage, from: string, to: string): Promise<void> {
  if (storage.copy !== undefined) return storage.copy(from, to);
  const found = await storage.get(from);
  if (found === undefined) throw new Error(`Cannot copy "${from}" to "${to}": it is gone`);
  await storage.put(to, found.bytes);
}
