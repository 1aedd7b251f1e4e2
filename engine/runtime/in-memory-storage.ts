import { FencedError, type CheckpointStorage, type StoredObject, type WriteCondition } from '../host.ts';

/** Objects in memory with S3's rules for conditional writes: what tests, simulation and a first try run on. */
export class InMemoryStorage implements CheckpointStorage {
  readonly #objects = new Map<string, StoredObject>();
  #writes = 0;

  put(key: string, bytes: Uint8Array, condition: WriteCondition = {}): Promise<{ readonly etag: string }> {
    const present = this.#objects.get(key);
    if (condition.ifNoneMatch === '*' && present !== undefined) {
      return Promise.reject(new FencedError(`Cannot write "${key}": the object is there already`));
    }
    if (condition.ifMatch !== undefined && present?.etag !== condition.ifMatch) {
      return Promise.reject(
        new FencedError(
          `Cannot write "${key}": it is not the object with ETag ${condition.ifMatch} any more`,
        ),
      );
    }
    this.#writes += 1;
    const etag = `"${this.#writes}"`;
    this.#objects.set(key, { bytes: bytes.slice(), etag });
    return Promise.resolve({ etag });
  }

  get(key: string): Promise<StoredObject | undefined> {
    return Promise.resolve(this.#objects.get(key));
  }

  async *list(prefix: string): AsyncIterable<string> {
    for (const key of [...this.#objects.keys()].sort()) if (key.startsWith(prefix)) yield key;
  }

  delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#objects.delete(key);
    return Promise.resolve();
  }
}
