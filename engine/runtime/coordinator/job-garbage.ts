import type { CheckpointStorage } from '../../host.ts';
import type { ChunkPool } from './chunk-pool.ts';
import { collectedFolders, garbageOf, isCollectable } from './garbage.ts';
import type { Head, HeadOwner } from './head.ts';
import type { LocatedManifest, Manifest } from './manifest.ts';
import { readSavepoints } from './pool-savepoints.ts';

/** Between two looks at all objects of the deployment: a look costs a request per thousand objects. */
const COLLECTIONS_PER_LOOK = 100;

/** Objects deleted with one request. */
const DELETE_MAX = 1000;

/** What refers to objects at the moment of a collection. */
export interface Held {
  /** Those that the head names or may come to name. */
  readonly checkpoints: readonly LocatedManifest[];
  /** Keys of the chunks of all chains. */
  readonly chunks: Iterable<string>;
}

interface Attempt {
  readonly manifest: Manifest;
  isOver: boolean;
}

/**
 * Deletes what a running job and those before it left behind.
 *
 * Contract: called after a commit of the head that succeeded, so that what is judged is the state of a deployment that
 * this job owned; what was garbage then stays garbage, whoever owns the deployment when the deletion comes to pass.
 */
export class JobGarbage {
  readonly #storage: CheckpointStorage;
  readonly #owner: HeadOwner;
  readonly #head: Head;
  /** Objects that are there or may be. */
  readonly #objects = new Set<string>();
  #savepoints = new Map<string, LocatedManifest>();
  readonly #written = new Map<string, LocatedManifest>();
  #attempts: Attempt[] = [];
  #untilLook = 0;

  constructor(storage: CheckpointStorage, owner: HeadOwner, head: Head) {
    this.#storage = storage;
    this.#owner = owner;
    this.#head = head;
  }

  /** Notes an object before it is written. */
  writes(key: string): void {
    this.#objects.add(key);
  }

  /** A savepoint of this job that names chunks of the deployment. */
  savepoint(savepoint: LocatedManifest): void {
    this.#written.set(savepoint.key, savepoint);
  }

  /**
   * A savepoint that is about to be written. One that failed may be there all the same, where an answer was lost and it
   * could not be taken back; until a look tells, its chunks are held. `over` is called when it has come to its end.
   */
  attempts(manifest: Manifest): { over(): void } {
    const attempt: Attempt = { manifest, isOver: false };
    this.#attempts.push(attempt);
    return {
      over: () => {
        attempt.isOver = true;
      },
    };
  }

  /** `holdings` is asked when all else is known; where it is undefined the attempt is over, and nothing is deleted. */
  async collect(pool: ChunkPool, holdings: () => Held | undefined): Promise<void> {
    if (this.#untilLook === 0) await this.#look();
    this.#untilLook = this.#untilLook === 0 ? COLLECTIONS_PER_LOOK : this.#untilLook - 1;
    const held = holdings();
    if (held === undefined) return;
    const garbage = garbageOf({
      objects: this.#objects,
      manifests: [
        ...held.checkpoints,
        ...this.#savepoints.values(),
        ...this.#written.values(),
        ...this.#attempts.map(({ manifest }) => ({ key: '', manifest })),
      ],
      held: [...held.chunks, ...pool.writing],
    });
    // Named before anything is awaited: from here on they are written no more under these names.
    pool.condemn(garbage);
    for (const key of garbage) this.#objects.delete(key);
    for (let start = 0; start < garbage.length; start += DELETE_MAX) {
      const keys = garbage.slice(start, start + DELETE_MAX);
      await this.#storage.delete(keys);
      pool.deleted(keys);
    }
  }

  /** Everything that is there, such as what a job before this one wrote and what was disposed of. */
  async #look(): Promise<void> {
    const { prefix, epoch } = this.#owner;
    const seen: string[] = [];
    const over = this.#attempts.filter(({ isOver }) => isOver);
    for (const folder of collectedFolders(prefix)) {
      for await (const key of this.#storage.list(folder))
        if (isCollectable(prefix, key, epoch)) seen.push(key);
    }
    const before = [...this.#written];
    this.#savepoints = await readSavepoints(this.#storage, prefix, new Map([...this.#savepoints, ...before]));
    await this.#head.verify();
    // Those that were written meanwhile may have been missed by the listing.
    for (const [key] of before) this.#written.delete(key);
    this.#attempts = this.#attempts.filter((attempt) => !over.includes(attempt));
    for (const key of seen) this.#objects.add(key);
  }
}
