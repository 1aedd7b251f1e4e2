import type { Key } from '../../data/key-groups.ts';

/**
 * Entries in memory, by key, in two generations: what is asked for moves to the young one, what leaves comes from the
 * old one. So whatever was used since the old generation was young stays, and no entry costs a field or a list for it.
 */
export class EntryCache<E> {
  #young = new Map<Key, E>();
  #old = new Map<Key, E>();
  #leaving = this.#old.entries();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: Key): E | undefined {
    return this.#young.get(key) ?? this.#again(key);
  }

  /** True where `get` gives something; the entry does not count as used. */
  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  set(key: Key, entry: E): void {
    this.#old.delete(key);
    this.#young.set(key, entry);
  }

  delete(key: Key): boolean {
    return this.#young.delete(key) || this.#old.delete(key);
  }

  /** Takes out an entry that was not used for long; undefined where there is none at all. */
  evict(): E | undefined {
    let next = this.#leaving.next();
    if (next.done === true && this.#young.size > 0) {
      // The old generation is empty: what is left of it has been used since.
      this.#old = this.#young;
      this.#young = new Map();
      this.#leaving = this.#old.entries();
      next = this.#leaving.next();
    }
    if (next.done === true) return undefined;
    const [key, entry] = next.value;
    this.#old.delete(key);
    return entry;
  }

  *values(): Generator<E> {
    yield* this.#young.values();
    yield* this.#old.values();
  }

  #again(key: Key): E | undefined {
    const entry = this.#old.get(key);
    if (entry !== undefined) this.set(key, entry);
    return entry;
  }
}
