import type { NamedCheckpoint } from './head.ts';
import type { LocatedManifest } from './manifest.ts';

/** The completed checkpoints of a job that are kept: the newest, and some to fall back on. Oldest first. */
export class RetainedCheckpoints {
  readonly #count: number;
  #kept: readonly LocatedManifest[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  get all(): readonly LocatedManifest[] {
    return this.#kept;
  }

  get latest(): LocatedManifest | undefined {
    return this.#kept.at(-1);
  }

  /** Those that stay beside the next one, newest first. */
  get besideNext(): readonly NamedCheckpoint[] {
    const beside = this.#count > 1 ? this.#kept.slice(1 - this.#count) : [];
    return beside.map(({ key, manifest }) => ({ id: manifest.checkpointId, manifest: key })).reverse();
  }

  keep(completed: LocatedManifest): void {
    this.#kept = [...this.#kept, completed].slice(-this.#count);
  }

  /** Keeps a checkpoint no longer, since it cannot be read. */
  forget(key: string): void {
    this.#kept = this.#kept.filter((checkpoint) => checkpoint.key !== key);
  }
}
