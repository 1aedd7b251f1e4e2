import type { CheckpointStorage } from '../../host.ts';
import { chunksOf, type LocatedManifest } from './manifest.ts';

/** Completed checkpoints of a job that are kept: the newest and two to fall back on. */
const RETAINED = 3;

/**
 * Which objects of a job's directory are still needed.
 *
 * Contract: only keys of the job's own directory are ever deleted, so what it was restored from is safe, and
 * only between two checkpoints, so that no object is deleted while a new checkpoint refers to it.
 */
export class Retention {
  readonly #storage: CheckpointStorage;
  readonly #directory: string;
  readonly #retained: LocatedManifest[] = [];
  /** Keys in the directory, needed or not. */
  readonly #known = new Set<string>();

  constructor(storage: CheckpointStorage, directory: string) {
    this.#storage = storage;
    this.#directory = directory;
  }

  /** Finds what an earlier process of the same job left behind. */
  async adopt(restored: LocatedManifest | undefined): Promise<void> {
    for await (const key of this.#storage.list(`${this.#directory}/`)) this.#known.add(key);
    if (restored !== undefined && this.#known.has(restored.key)) this.#retained.push(restored);
  }

  /** The latest completed checkpoint of this job. */
  get latest(): LocatedManifest | undefined {
    return this.#retained.at(-1);
  }

  /** Keys that will stay for as long as the next checkpoint is the newest. */
  present(): Set<string> {
    return new Set(this.#retained.flatMap(({ manifest }) => chunksOf(manifest).map(({ key }) => key)));
  }

  /** Notes objects that were written, so that they can be deleted even if their checkpoint fails. */
  wrote(keys: Iterable<string>): void {
    for (const key of keys) this.#known.add(key);
  }

  /** Keeps a completed checkpoint. */
  keep(completed: LocatedManifest): void {
    this.#known.add(completed.key);
    this.#retained.push(completed);
    this.#retained.splice(0, this.#retained.length - RETAINED);
  }

  /** Keeps a checkpoint no longer, since it cannot be read. */
  forget(key: string): void {
    const index = this.#retained.findIndex((checkpoint) => checkpoint.key === key);
    if (index >= 0) this.#retained.splice(index, 1);
  }

  /** Deletes what no retained checkpoint refers to. */
  async sweep(): Promise<void> {
    const needed = this.present();
    for (const { key } of this.#retained) needed.add(key);
    const garbage = [...this.#known].filter(
      (key) => !needed.has(key) && key.startsWith(`${this.#directory}/`),
    );
    if (garbage.length === 0) return;
    await this.#storage.delete(garbage);
    for (const key of garbage) this.#known.delete(key);
  }
}
