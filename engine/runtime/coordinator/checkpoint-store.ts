import type { CheckpointStorage, Compression, EngineEvent } from '../../host.ts';
import { ChunkPool } from './chunk-pool.ts';
import { storageKeys } from './storage-keys.ts';
import { Head, type HeadOwner } from './head.ts';
import { JobGarbage } from './job-garbage.ts';
import { encodeJson } from './json-object.ts';
import { chunksOf, readManifest, type LocatedManifest, type Manifest } from './manifest.ts';
import { olderBeside, readCheckpoint, readNewestCheckpoint, type ReadCheckpoint } from './read-checkpoint.ts';
import type { ChunkSource, Unread } from './read-parts.ts';
import type { Renames } from './renamed-operators.ts';
import { Refusal } from './refusal.ts';
import { RetainedCheckpoints } from './retained-checkpoints.ts';
import { SavepointStore } from './savepoint-store.ts';
import { immediateZstd } from './zstd.ts';

/** What a store needs of the world, and of its job. */
export interface StoreHost {
  readonly storage: CheckpointStorage;
  readonly compression?: Compression;
  /** As of {@link ChunkSource}. */
  readonly renames?: Renames | undefined;
  readonly report: (event: EngineEvent) => void;
}

/** Completed checkpoints that are kept where nobody says how many. */
const DEFAULT_RETAINED_CHECKPOINTS = 3;

/**
 * Where a job's checkpoints are: its chunks, the head of its deployment, and the directories of savepoints.
 */
export class CheckpointStore {
  readonly pool: ChunkPool;
  readonly #host: StoreHost;
  readonly #owner: HeadOwner;
  readonly #head: Head;
  readonly #savepoints: SavepointStore;
  readonly #garbage: JobGarbage;
  readonly #retained: RetainedCheckpoints;
  /** A head whose write was not answered may come to name these, until another write of it succeeds. */
  #uncertain: LocatedManifest[] = [];
  #collecting = false;

  private constructor(host: StoreHost, made: { owner: HeadOwner; head: Head; retained: number }) {
    const { owner, head } = made;
    const { storage, compression = immediateZstd } = host;
    const garbage = new JobGarbage(storage, owner, head);
    this.#host = host;
    this.#owner = owner;
    this.#head = head;
    this.#garbage = garbage;
    this.#savepoints = new SavepointStore(storage, head, owner.prefix);
    this.#retained = new RetainedCheckpoints(made.retained);
    this.pool = new ChunkPool(storage, {
      directory: storageKeys.chunks(owner.prefix, owner.epoch),
      compression,
      writes: (key) => garbage.writes(key),
    });
  }

  /** Opens the head, and so refuses a job that is fenced before it begins. */
  static async open(
    host: StoreHost,
    owner: HeadOwner,
    retained = DEFAULT_RETAINED_CHECKPOINTS,
  ): Promise<CheckpointStore> {
    return new CheckpointStore(host, { owner, head: await Head.open(host.storage, owner), retained });
  }

  /** The checkpoint that the head names, or the newest before it that is whole; undefined when it names none. */
  async latest(unread?: Unread): Promise<ReadCheckpoint | undefined> {
    const { checkpoint } = this.#head;
    if (checkpoint === undefined) return undefined;
    const { manifest, retained } = checkpoint;
    const older =
      retained === undefined
        ? await olderBeside(this.#host.storage, manifest)
        : retained.map((named) => named.manifest);
    return this.#readNewest([manifest, ...older], unread);
  }

  /** Reads what a person named, as it is; of `unread` state alone where that is given. */
  read(location: string, unread?: Unread): Promise<ReadCheckpoint> {
    return readCheckpoint(this.#sourceFor(unread), location);
  }

  /**
   * What this job would go on from now, of all that it completed; undefined before its first checkpoint. One that
   * cannot be read any more is forgotten, so that no new checkpoint refers to its objects.
   */
  async lastCompleted(unread?: Unread): Promise<ReadCheckpoint | undefined> {
    // A job that fails again and again commits nothing, and would never learn that another has its place.
    await this.#head.verify();
    const keys = this.#retained.all.map(({ key }) => key).reverse();
    return keys.length === 0 ? undefined : this.#readNewest(keys, unread);
  }

  /** No checkpoint of this deployment has a higher number. */
  get newestId(): number {
    return this.#head.checkpoint?.id ?? 0;
  }

  /**
   * Once, before the first checkpoint: a job that goes on from a checkpoint of the head keeps the ones before it as
   * its own.
   */
  async adopt(restored: LocatedManifest | undefined): Promise<void> {
    const { checkpoint } = this.#head;
    if (restored === undefined || checkpoint === undefined) return;
    const all = [checkpoint, ...(checkpoint.retained ?? [])];
    const own = all.findIndex(({ manifest }) => manifest === restored.key);
    if (own < 0) return;
    for (const { manifest } of all.slice(own + 1).reverse()) await this.#adoptOlder(manifest);
    this.#retained.keep(restored);
  }

  /** Throws a `FencedError` when the deployment has a newer epoch, whose job alone may change what lies beside checkpoints. */
  verify(): Promise<void> {
    return this.#head.verify();
  }

  /** True where all of its chunks are such that this job may refer to them: it holds them by its own checkpoints. */
  owns({ manifest }: LocatedManifest): boolean {
    const pool = storageKeys.pool(this.#owner.prefix);
    return manifest.version > 1 && chunksOf(manifest).every(({ key }) => key.startsWith(pool));
  }

  /**
   * Completes a checkpoint; gives the key of its manifest. Throws a `FencedError` when the deployment has a
   * newer epoch.
   */
  async commit(manifest: Manifest): Promise<string> {
    const { checkpointId } = manifest;
    const key = storageKeys.checkpoint(this.#owner, checkpointId);
    this.#uncertain.push({ key, manifest });
    this.#garbage.writes(key);
    await this.#host.storage.put(key, encodeJson(manifest));
    await this.#head.commit({ id: checkpointId, manifest: key, retained: this.#retained.besideNext });
    this.#retained.keep({ key, manifest });
    this.#uncertain = [];
    return key;
  }

  /** Completes a savepoint; gives the key of its manifest. The head stays where it is. */
  async commitSavepoint(manifest: Manifest, directory: string): Promise<string> {
    const attempt = this.#garbage.attempts(manifest);
    try {
      const savepoint = await this.#savepoints.commit(manifest, directory);
      if (this.#savepoints.refersToPool(directory)) this.#garbage.savepoint(savepoint);
      return savepoint.key;
    } finally {
      attempt.over();
    }
  }

  /**
   * After a commit: deletes what neither checkpoints and savepoints nor `chains` refer to. Garbage is a cost and no
   * danger, so failing to delete it fails nothing.
   */
  async collect(chains: () => Iterable<string> | undefined): Promise<void> {
    if (this.#collecting) return;
    this.#collecting = true;
    try {
      await this.#garbage.collect(this.pool, () => {
        const chunks = chains();
        return chunks && { checkpoints: [...this.#retained.all, ...this.#uncertain], chunks };
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#host.report({ type: 'chunks-not-deleted', jobId: this.#owner.jobId, reason });
    } finally {
      this.#collecting = false;
    }
  }

  #sourceFor(unread: Unread | undefined): ChunkSource {
    const { storage, compression = immediateZstd, renames = {} } = this.#host;
    return { storage, compression, renames, ...(unread === undefined ? {} : { unread }) };
  }

  /** One that cannot be read is no longer one to fall back on. */
  async #adoptOlder(manifest: string): Promise<void> {
    try {
      this.#retained.keep(await readManifest(this.#host.storage, manifest));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#unreadable({ manifest, reason: error.message });
    }
  }

  #readNewest(keys: readonly string[], unread: Unread | undefined): Promise<ReadCheckpoint> {
    return readNewestCheckpoint(this.#sourceFor(unread), keys, (unreadable) => {
      this.#retained.forget(unreadable.manifest);
      this.#unreadable(unreadable);
    });
  }

  #unreadable(unreadable: { readonly manifest: string; readonly reason: string }): void {
    this.#host.report({ type: 'checkpoint-unreadable', jobId: this.#owner.jobId, ...unreadable });
  }
}
