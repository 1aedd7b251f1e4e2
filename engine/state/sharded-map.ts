import type { Key } from '../data/key-groups.ts';

/** A map of any size. */
export class ShardedMap<T> {
  readonly #entries = new Map<Key, T>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): T | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, held: T): void {
    this.#entries.set(key, held);
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  values(): Iterator<T> {
    return this.#entries.values();
  }
}
