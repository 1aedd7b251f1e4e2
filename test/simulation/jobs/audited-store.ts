import { isFenced, type CheckpointStorage, type StoredObject, type WriteCondition } from '#engine/host.ts';
import { chunksOf, readManifest } from '#engine/runtime/coordinator/manifest.ts';
import { InMemoryStorage } from '#engine/runtime/in-memory-storage.ts';
import type { World } from './world.ts';

interface HeadContent {
  readonly epoch: number;
  readonly checkpoint?: { readonly id: number; readonly manifest: string };
}

/**
 * The object store that all processes share, with an auditor who looks at every head, savepoint and deletion: what
 * somebody may restore from is there with all its chunks, always, and neither epochs nor checkpoints go back.
 */
export class AuditedStore implements CheckpointStorage {
  readonly #world: World;
  readonly #objects = new InMemoryStorage();
  /** By the key of a head or of a savepoint's manifest: the objects that it needs. */
  readonly #needed = new Map<string, readonly string[]>();
  readonly #heads = new Map<string, HeadContent>();

  constructor(world: World) {
    this.#world = world;
  }

  async put(key: string, bytes: Uint8Array, condition?: WriteCondition): Promise<{ readonly etag: string }> {
    const before = await this.#objects.get(key);
    const written = await this.#objects.put(key, bytes, condition);
    if (before !== undefined && Buffer.compare(before.bytes, bytes) !== 0) this.#auditOverwriting(key);
    if (key.endsWith('/head.json')) await this.#auditHead(key, bytes);
    return written;
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.#objects.get(key);
  }

  list(prefix: string): AsyncIterable<string> {
    return this.#objects.list(prefix);
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const [owner, needed] of this.#needed) {
      const lost = needed.filter((key) => keys.includes(key));
      if (lost.length > 0 && !keys.includes(owner))
        this.#world.violated(`deleted ${lost.join(', ')}, which "${owner}" needs`);
    }
    await this.#objects.delete(keys);
    for (const key of keys) this.#needed.delete(key);
  }

  /**
   * Somebody was told that this savepoint is complete. Before that it may be there and lack chunks: one that a zombie has
   * written, and takes back as soon as it knows.
   */
  async counts(directory: string): Promise<void> {
    this.#needed.set(`${directory}/manifest.json`, await this.#needsOf(directory));
  }

  /**
   * As the control plane does before it starts an attempt. A new job from a savepoint keeps no checkpoint: an older one
   * must not be taken for its own when it recovers.
   */
  async takeOver(prefix: string, owner: { epoch: number; jobId: string }, keep: boolean): Promise<void> {
    const key = `${prefix}/head.json`;
    for (;;) {
      const found = await this.#objects.get(key);
      // Written by the engine or here.
      const head = found === undefined ? {} : (JSON.parse(new TextDecoder().decode(found.bytes)) as object);
      const condition: WriteCondition = found === undefined ? { ifNoneMatch: '*' } : { ifMatch: found.etag };
      try {
        const bytes = new TextEncoder().encode(JSON.stringify({ ...(keep ? head : {}), ...owner }));
        if (!keep) this.#heads.delete(key);
        await this.put(key, bytes, condition);
        return;
      } catch (error) {
        if (!isFenced(error)) throw error;
        // Somebody committed in between; the next look sees what.
      }
    }
  }

  /** The checkpoint that a deployment would start from now. */
  headManifest(prefix: string): string | undefined {
    return this.#heads.get(`${prefix}/head.json`)?.checkpoint?.manifest;
  }

  #auditOverwriting(key: string): void {
    for (const [owner, needed] of this.#needed) {
      if (needed.includes(key))
        this.#world.violated(`wrote another object over "${key}", which "${owner}" needs`);
    }
  }

  async #auditHead(key: string, bytes: Uint8Array): Promise<void> {
    // Written by the engine or by `takeOver`.
    const head = JSON.parse(new TextDecoder().decode(bytes)) as HeadContent;
    const before = this.#heads.get(key);
    this.#heads.set(key, head);
    if (before !== undefined && head.epoch < before.epoch)
      this.#world.violated(`"${key}" went from epoch ${before.epoch} back to ${head.epoch}`);
    if (before?.checkpoint !== undefined && (head.checkpoint?.id ?? 0) < before.checkpoint.id)
      this.#world.violated(
        `"${key}" went from checkpoint ${before.checkpoint.id} back to ${head.checkpoint?.id ?? 'none'}`,
      );
    if (head.checkpoint !== undefined && head.checkpoint.manifest !== before?.checkpoint?.manifest)
      this.#needed.set(key, await this.#needsOf(head.checkpoint.manifest));
    if (head.checkpoint === undefined) this.#needed.delete(key);
  }

  /** A manifest with its chunks; all of them must be there. */
  async #needsOf(manifest: string): Promise<readonly string[]> {
    try {
      const located = await readManifest(this.#objects, manifest);
      const needed = [located.key, ...new Set(chunksOf(located.manifest).map(({ key }) => key))];
      for (const key of needed) {
        if ((await this.#objects.get(key)) === undefined)
          this.#world.violated(`"${manifest}" counts and its object "${key}" is missing`);
      }
      return needed;
    } catch (error) {
      this.#world.violated(`"${manifest}" counts and cannot be read: ${String(error)}`);
      return [];
    }
  }
}
