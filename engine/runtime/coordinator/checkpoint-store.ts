import type { CheckpointStorage, EngineEvent } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { writeChunk } from './chunk-store.ts';
import { encodeJson } from './json-object.ts';
import { Head, type HeadOwner } from './head.ts';
import type { LocatedManifest, Manifest, ManifestChunk } from './manifest.ts';
import { readNewestCheckpoint, type ReadCheckpoint } from './read-checkpoint.ts';
import { Retention } from './retention.ts';

/** The chunks of one subtask, by operator id, and how many bytes had to be written for them. */
export interface WrittenChunks {
  readonly chunks: ReadonlyMap<string, readonly ManifestChunk[]>;
  readonly written: number;
}

/**
 * Where a job's checkpoints are: its directory, the head of its deployment, and the directories of savepoints.
 */
export class CheckpointStore {
  readonly #storage: CheckpointStorage;
  readonly #report: (event: EngineEvent) => void;
  readonly #owner: HeadOwner;
  readonly #head: Head;
  readonly #retention: Retention;

  private constructor(
    storage: CheckpointStorage,
    report: (event: EngineEvent) => void,
    made: { owner: HeadOwner; head: Head; retention: Retention },
  ) {
    this.#storage = storage;
    this.#report = report;
    this.#owner = made.owner;
    this.#head = made.head;
    this.#retention = made.retention;
  }

  /** Opens the head, and so refuses a job that is fenced before it begins. */
  static async open(
    storage: CheckpointStorage,
    owner: HeadOwner,
    report: (event: EngineEvent) => void,
  ): Promise<CheckpointStore> {
    const head = await Head.open(storage, owner);
    const retention = new Retention(storage, directoryOf(owner));
    return new CheckpointStore(storage, report, { owner, head, retention });
  }

  /** The checkpoint that the head names, or the newest before it that is whole; undefined when it names none. */
  async latest(): Promise<ReadCheckpoint | undefined> {
    const { checkpoint } = this.#head;
    return checkpoint === undefined ? undefined : this.#readNewest(checkpoint.manifest);
  }

  /**
   * What this job would go on from now, of all that it completed; undefined before its first checkpoint. One that
   * cannot be read any more is forgotten, so that no new checkpoint refers to its objects.
   */
  async lastCompleted(): Promise<ReadCheckpoint | undefined> {
    const completed = this.#retention.latest;
    return completed === undefined ? undefined : this.#readNewest(completed.key);
  }

  /** No checkpoint of this deployment has a higher number. */
  get newestId(): number {
    return this.#head.checkpoint?.id ?? 0;
  }

  /** Once, before the first checkpoint. */
  async adopt(restored: LocatedManifest | undefined): Promise<void> {
    await this.#retention.adopt(restored);
  }

  /** Makes parts durable; `present` is one set for all subtasks of a checkpoint. */
  async write(
    parts: readonly SnapshotPart[],
    present: Set<string>,
    savepoint: string | undefined,
  ): Promise<WrittenChunks> {
    const directory = savepoint ?? directoryOf(this.#owner);
    const results = await Promise.all(
      parts.map((part) => writeChunk(this.#storage, directory, part, present)),
    );
    if (savepoint === undefined) this.#retention.wrote(results.map(({ chunk }) => chunk.key));
    const chunks = new Map<string, ManifestChunk[]>();
    for (const [index, { chunk }] of results.entries()) {
      const operatorId = parts[index]?.operatorId ?? '';
      chunks.set(operatorId, [...(chunks.get(operatorId) ?? []), chunk]);
    }
    return { chunks, written: results.reduce((sum, { written }) => sum + written, 0) };
  }

  /** Chunks that a checkpoint may refer to without writing them; a savepoint owns all of its own. */
  present(savepoint: string | undefined): Set<string> {
    return savepoint === undefined ? this.#retention.present() : new Set();
  }

  /**
   * Completes a checkpoint; gives the key of its manifest. Throws a `FencedError` when the deployment has a
   * newer epoch.
   */
  async commit(manifest: Manifest): Promise<string> {
    const { checkpointId } = manifest;
    const key = `${directoryOf(this.#owner)}/chk-${checkpointId}.json`;
    await this.#storage.put(key, encodeJson(manifest));
    this.#retention.wrote([key]);
    await this.#head.commit({ id: checkpointId, manifest: key });
    this.#retention.keep({ key, manifest });
    await this.#sweep();
    return key;
  }

  /**
   * Completes a savepoint, which counts from the moment that its manifest is there. The head stays where it is.
   */
  async commitSavepoint(manifest: Manifest, directory: string): Promise<string> {
    const key = `${directory}/manifest.json`;
    await this.#storage.put(key, encodeJson(manifest), { ifNoneMatch: '*' });
    return key;
  }

  #readNewest(key: string): Promise<ReadCheckpoint> {
    return readNewestCheckpoint(this.#storage, key, (unreadable) => {
      this.#retention.forget(unreadable.manifest);
      this.#report({ type: 'checkpoint-unreadable', jobId: this.#owner.jobId, ...unreadable });
    });
  }

  /** Garbage is a cost and no danger, so failing to delete it fails nothing. */
  async #sweep(): Promise<void> {
    try {
      await this.#retention.sweep();
    } catch (error) {
      this.#report({ type: 'chunks-not-deleted', jobId: this.#owner.jobId, reason: String(error) });
    }
  }
}

function directoryOf({ prefix, jobId }: HeadOwner): string {
  return `${prefix}/jobs/${jobId}`;
}
