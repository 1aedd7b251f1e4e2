/** Speed: bench/state-backend.ts; off the heap, 20 bytes a cell at a load of 0.4 to 0.8, so some 33 bytes a record. */

/** Fields of a cell: both halves of the hash, then where the record lies. A length of 0 means an empty cell. */
const HIGH = 0;
const LOW = 1;
const CHUNK = 2;
const OFFSET = 3;
const LENGTH = 4;
const FIELDS = 5;

/** Tables double one at a time, so that no growth of the index stops the stream for long. */
const SHARDS = 256;
const INITIAL_CELLS = 8;
const LOAD_MAX = 0.8;

/** Where a record lies. */
export interface Place {
  readonly chunk: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * From the hash of a name to the places of records; several may have one hash, the caller tells them apart by their
 * bytes. Contract: a cell number is good until the next `insert` or `remove`.
 */
export class HashIndex {
  readonly #shards: (Shard | undefined)[] = Array.from({ length: SHARDS });
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Memory in use. */
  get bytes(): number {
    return this.#shards.reduce((sum, shard) => sum + (shard?.cells.byteLength ?? 0), 0);
  }

  shard(high: number): Shard | undefined {
    return this.#shards[high >>> 24];
  }

  insert(high: number, low: number, place: Place): void {
    const number = high >>> 24;
    const shard = (this.#shards[number] ??= new Shard());
    shard.insert(high, low, place);
    this.#size++;
  }

  remove(high: number, cell: number): void {
    this.#shards[high >>> 24]?.remove(cell);
    this.#size--;
  }

  /** Makes room for so many records at once, since growing step by step takes as long again. */
  reserve(records: number): void {
    const cells = Math.ceil((records / SHARDS / LOAD_MAX) * 1.1);
    if (cells <= INITIAL_CELLS) return;
    for (let number = 0; number < SHARDS; number++) {
      (this.#shards[number] ??= new Shard()).reserve(cells);
    }
  }
}

/** One table with open addressing. */
export class Shard {
  cells = new Int32Array(INITIAL_CELLS * FIELDS);
  #mask = INITIAL_CELLS - 1;
  #used = 0;

  /** The first cell with this hash, or -1. */
  first(high: number, low: number): number {
    return this.#from(low & this.#mask, high, low);
  }

  /** The next one after `cell`. */
  next(cell: number, high: number, low: number): number {
    return this.#from((cell + 1) & this.#mask, high, low);
  }

  chunk(cell: number): number {
    return this.cells[cell * FIELDS + CHUNK] ?? 0;
  }

  offset(cell: number): number {
    return this.cells[cell * FIELDS + OFFSET] ?? 0;
  }

  length(cell: number): number {
    return this.cells[cell * FIELDS + LENGTH] ?? 0;
  }

  move(cell: number, { chunk, offset, length }: Place): void {
    const at = cell * FIELDS;
    this.cells[at + CHUNK] = chunk;
    this.cells[at + OFFSET] = offset;
    this.cells[at + LENGTH] = length;
  }

  insert(high: number, low: number, place: Place): void {
    if (this.#used >= (this.#mask + 1) * LOAD_MAX) this.#grow();
    const { cells } = this;
    let cell = low & this.#mask;
    while (cells[cell * FIELDS + LENGTH] !== 0) cell = (cell + 1) & this.#mask;
    cells[cell * FIELDS + HIGH] = high;
    cells[cell * FIELDS + LOW] = low;
    this.move(cell, place);
    this.#used++;
  }

  /** Closes the gap, so that searches may go on to end at the first empty cell. */
  remove(cell: number): void {
    const { cells } = this;
    const mask = this.#mask;
    let gap = cell;
    for (let at = (gap + 1) & mask; cells[at * FIELDS + LENGTH] !== 0; at = (at + 1) & mask) {
      const home = (cells[at * FIELDS + LOW] ?? 0) & mask;
      // A cell may move back to the gap only where its home is not between the two.
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        cells.copyWithin(gap * FIELDS, at * FIELDS, (at + 1) * FIELDS);
        gap = at;
      }
    }
    cells[gap * FIELDS + LENGTH] = 0;
    this.#used--;
  }

  reserve(cells: number): void {
    while (this.#mask + 1 < cells) this.#grow();
  }

  #from(start: number, high: number, low: number): number {
    const { cells } = this;
    const mask = this.#mask;
    for (let cell = start; ; cell = (cell + 1) & mask) {
      const at = cell * FIELDS;
      if (cells[at + LENGTH] === 0) return -1;
      if (cells[at + LOW] === low && cells[at + HIGH] === high) return cell;
    }
  }

  #grow(): void {
    const old = this.cells;
    const mask = this.#mask * 2 + 1;
    const cells = new Int32Array((mask + 1) * FIELDS);
    for (let from = 0; from < old.length; from += FIELDS) {
      if (old[from + LENGTH] === 0) continue;
      let cell = (old[from + LOW] ?? 0) & mask;
      while (cells[cell * FIELDS + LENGTH] !== 0) cell = (cell + 1) & mask;
      const at = cell * FIELDS;
      for (let field = 0; field < FIELDS; field++) cells[at + field] = old[from + field] ?? 0;
    }
    this.cells = cells;
    this.#mask = mask;
  }
}
