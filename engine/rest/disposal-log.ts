import type { CheckpointStorage } from '../host.ts';
import { keyOfLocation } from './savepoint-location.ts';

/** What became of a request to delete a savepoint. */
export type Disposal =
  | { readonly status: 'in-progress' }
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly failure: string };

// Results are read within minutes; the oldest go first.
const DISPOSALS_MAX = 100;

/** Deletes savepoints and remembers how that went, by trigger id. */
export class DisposalLog {
  readonly #storage: CheckpointStorage;
  readonly #bucket: string;
  readonly #disposals = new Map<string, Disposal>();

  constructor(storage: CheckpointStorage, bucket: string) {
    this.#storage = storage;
    this.#bucket = bucket;
  }

  find(triggerId: string): Disposal | undefined {
    return this.#disposals.get(triggerId);
  }

  /** Begins to delete; a trigger that is known is not run again. */
  start(triggerId: string, location: string): void {
    if (this.#disposals.has(triggerId)) {
      return;
    }
    this.#set(triggerId, { status: 'in-progress' });
    void this.#dispose(location).then(
      () => this.#set(triggerId, { status: 'completed' }),
      (error: Error) => this.#set(triggerId, { status: 'failed', failure: error.message }),
    );
  }

  #set(triggerId: string, disposal: Disposal): void {
    this.#disposals.set(triggerId, disposal);
    if (this.#disposals.size > DISPOSALS_MAX) {
      const [oldest] = this.#disposals.keys();
      this.#disposals.delete(oldest ?? triggerId);
    }
  }

  async #dispose(location: string): Promise<void> {
    const directory = keyOfLocation(location, this.#bucket).replace(/\/manifest\.json$/, '');
    // Only what holds a manifest is a savepoint; a mistyped path must not empty a bucket.
    if ((await this.#storage.get(`${directory}/manifest.json`)) === undefined) {
      throw new Error(
        `Cannot dispose of savepoint "${directory}": it has no manifest.json; give the directory of a savepoint`,
      );
    }
    // The manifest goes first: what is left after a crash is garbage, never a savepoint without its chunks.
    await this.#storage.delete([`${directory}/manifest.json`]);
    const keys: string[] = [];
    for await (const key of this.#storage.list(`${directory}/`)) {
      keys.push(key);
    }
    await this.#storage.delete(keys);
  }
}
