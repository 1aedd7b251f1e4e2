import { HashIndex } from './hash-index.ts';

/** Fields of a node: both halves of the hash of a name, and the number of the next node of its key. */
const FIELDS = 3;
const NEXT = 2;
/** Nodes come in blocks, so that growing copies nothing. */
const BLOCK_BITS = 14;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
const NONE = -1;

/** A hash of 64 bits. */
export interface WideHash {
  readonly high: number;
  readonly low: number;
}

/**
 * Which names belong to a key, where a key has several: off the heap, 12 bytes a name beside the index of the keys.
 *
 * Contract: names are known by their hashes alone; whoever asks reads the records and compares keys. Taking one out
 * costs a look at those that came before it.
 */
export class KeyMembers {
  /** The first node of a key, its last one, and how many there are. */
  readonly #keys = new HashIndex();
  readonly #blocks: Int32Array[] = [];
  #free = NONE;
  #used = 0;

  add(key: WideHash, name: WideHash): void {
    const node = this.#take(name);
    const shard = this.#keys.shard(key.high);
    const cell = shard?.first(key.high, key.low) ?? NONE;
    if (shard === undefined || cell < 0) {
      return this.#keys.insert(key.high, key.low, { chunk: node, offset: node, length: 1 });
    }
    this.#setField(shard.offset(cell), NEXT, node);
    shard.move(cell, { chunk: shard.chunk(cell), offset: node, length: shard.length(cell) + 1 });
  }

  remove(key: WideHash, name: WideHash): void {
    const shard = this.#keys.shard(key.high);
    const cell = shard?.first(key.high, key.low) ?? NONE;
    if (shard === undefined || cell < 0) return;
    const first = shard.chunk(cell);
    let before = NONE;
    let node = first;
    while (node !== NONE && !this.#is(node, name)) {
      before = node;
      node = this.#field(node, NEXT);
    }
    if (node === NONE) return;
    const next = this.#field(node, NEXT);
    const length = shard.length(cell) - 1;
    this.#give(node);
    if (length === 0) return this.#keys.remove(key.high, cell);
    if (before !== NONE) this.#setField(before, NEXT, next);
    const last = shard.offset(cell);
    shard.move(cell, {
      chunk: node === first ? next : first,
      offset: node === last ? before : last,
      length,
    });
  }

  /** The names of a key, in the order in which they came. */
  *of(key: WideHash): Generator<WideHash> {
    for (let node = this.#first(key); node !== NONE; node = this.#field(node, NEXT)) {
      yield { high: this.#field(node, 0), low: this.#field(node, 1) };
    }
  }

  /** True for the first name of its key. */
  isFirst(key: WideHash, name: WideHash): boolean {
    const first = this.#first(key);
    return first !== NONE && this.#is(first, name);
  }

  #first(key: WideHash): number {
    const shard = this.#keys.shard(key.high);
    const cell = shard?.first(key.high, key.low) ?? NONE;
    return shard === undefined || cell < 0 ? NONE : shard.chunk(cell);
  }

  #take({ high, low }: WideHash): number {
    const node = this.#free === NONE ? this.#used++ : this.#free;
    if (node === this.#free) this.#free = this.#field(node, NEXT);
    this.#setField(node, 0, high);
    this.#setField(node, 1, low);
    this.#setField(node, NEXT, NONE);
    return node;
  }

  #give(node: number): void {
    this.#setField(node, NEXT, this.#free);
    this.#free = node;
  }

  #is(node: number, { high, low }: WideHash): boolean {
    return this.#field(node, 0) === high && this.#field(node, 1) === low;
  }

  #field(node: number, field: number): number {
    return this.#blocks[node >>> BLOCK_BITS]?.[(node & BLOCK_MASK) * FIELDS + field] ?? NONE;
  }

  #setField(node: number, field: number, value: number): void {
    const block = (this.#blocks[node >>> BLOCK_BITS] ??= new Int32Array(FIELDS << BLOCK_BITS));
    block[(node & BLOCK_MASK) * FIELDS + field] = value;
  }
}
