/** Speed: up to a million keys one map is a third faster than many; a single one would stop the stream whenever it grows. */
import type { Key } from '../data/key-groups.ts';
import { JoinedIterator } from './joined-iterator.ts';
import { keyHash } from './key-hash.ts';

/** What the sizes of a map are; smaller ones in tests. */
export interface ShardSizes {
  /** With so many entries a single map is given up: V8 would copy it for 40 ms, and at 16 times as many refuse more. */
  readonly single: number;
  /** How many entries a shard has on average; twice as many at most. */
  readonly shard: number;
}

const SIZES: ShardSizes = { single: 1_048_576, shard: 8192 };

/** What a new key moves out of the single map; more than one, so that it becomes empty. */
const MOVED_PER_KEY = 2;

/**
 * A map of any size that never stops to grow: one `Map` as long as that is small, else many, of which one at a time is
 * split. Entries move from the one to the many as keys are added.
 *
 * Contract: `values` is as of a `Map`, but may give an entry twice while the map grows. Source: Litwin, "Linear Hashing".
 */
export class ShardedMap<T> {
  readonly #sizes: ShardSizes;
  /** Undefined when all has moved out of it. */
  #single: Map<Key, T> | undefined = new Map();
  #shards: Map<Key, T>[] = [];
  /** Shards before this one have been split in this round; the round began with `#round` of them. */
  #split = 0;
  #round = 1;
  #sharded = 0;
  #moving: Iterator<[Key, T]> | undefined;

  constructor(sizes: ShardSizes = SIZES) {
    this.#sizes = sizes;
  }

  get size(): number {
    return this.#sharded + (this.#single?.size ?? 0);
  }

  get(key: Key): T | undefined {
    const single = this.#single;
    if (single === undefined) {
      return this.#shardOf(key).get(key);
    }
    const held = single.get(key);
    return held !== undefined || this.#shards.length === 0 ? held : this.#shardOf(key).get(key);
  }

  set(key: Key, held: T): void {
    const single = this.#single;
    if (single !== undefined && (this.#shards.length === 0 || single.has(key))) {
      single.set(key, held);
      if (single.size >= this.#sizes.single && this.#shards.length === 0) {
        this.#shards.push(new Map());
      }
      return;
    }
    this.#add(key, held);
    this.#moveSome();
  }

  delete(key: Key): boolean {
    if (this.#single?.delete(key) === true) {
      return true;
    }
    if (this.#shards.length === 0 || !this.#shardOf(key).delete(key)) {
      return false;
    }
    this.#sharded--;
    return true;
  }

  values(): Iterator<T> {
    // In this order: whatever moves meanwhile comes behind where one is.
    let index = this.#single === undefined ? 0 : -1;
    return new JoinedIterator(() => {
      const map = index < 0 ? this.#single : this.#shards[index];
      index++;
      return map?.values();
    });
  }

  #shardOf(key: Key): Map<Key, T> {
    const hash = keyHash(key);
    const index = hash & (this.#round - 1);
    const shard = this.#shards[index < this.#split ? hash & (2 * this.#round - 1) : index];
    if (shard === undefined) {
      throw new Error(`Cannot find a shard of ${this.#shards.length} for hash ${hash}`);
    }
    return shard;
  }

  #add(key: Key, held: T): void {
    const shard = this.#shardOf(key);
    const before = shard.size;
    shard.set(key, held);
    if (shard.size !== before && ++this.#sharded > this.#shards.length * this.#sizes.shard) {
      this.#splitNext();
    }
  }

  #splitNext(): void {
    const shard = this.#shards[this.#split] ?? new Map<Key, T>();
    const upper = new Map<Key, T>();
    this.#shards.push(upper);
    for (const [key, held] of shard) {
      if ((keyHash(key) & this.#round) !== 0) {
        upper.set(key, held);
        shard.delete(key);
      }
    }
    this.#split++;
    if (this.#split === this.#round) {
      this.#split = 0;
      this.#round *= 2;
    }
  }

  #moveSome(): void {
    const single = this.#single;
    if (single === undefined) {
      return;
    }
    this.#moving ??= single.entries();
    for (let count = 0; count < MOVED_PER_KEY; count++) {
      const next = this.#moving.next();
      if (next.done === true) {
        this.#single = undefined;
        this.#moving = undefined;
        return;
      }
      const [key, held] = next.value;
      single.delete(key);
      this.#add(key, held);
    }
  }
}
