/** Where in a segment to begin looking: one entry every 16 KiB, so a day of records costs kilobytes, not gigabytes. */
const bytesBetweenEntries = 16 * 1024;
const initialEntries = 64;

/** Offsets of some frames of a segment with their sequence and arrival, in rising order. */
export class SparseIndex {
  #sequences = new Float64Array(initialEntries);
  #arrivals = new Float64Array(initialEntries);
  #offsets = new Uint32Array(initialEntries);
  #count = 0;
  #nextOffset = 0;

  /** Takes note of a frame; most are left out. Frames must come in the order of the file. */
  add(sequence: number, arrivedAt: number, offset: number): void {
    if (offset < this.#nextOffset) return;
    if (this.#count === this.#offsets.length) this.#grow();
    this.#sequences[this.#count] = sequence;
    this.#arrivals[this.#count] = arrivedAt;
    this.#offsets[this.#count] = offset;
    this.#count++;
    this.#nextOffset = offset + bytesBetweenEntries;
  }

  /** Offset from which a scan finds the first frame whose sequence is at least `sequence`. */
  beforeSequence(sequence: number): number {
    return this.#offsetBefore(this.#sequences, sequence);
  }

  /** Offset from which a scan finds the first frame that arrived at `arrivedAt` or later. */
  beforeArrival(arrivedAt: number): number {
    return this.#offsetBefore(this.#arrivals, arrivedAt);
  }

  #offsetBefore(keys: Float64Array, target: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? Infinity) < target) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (this.#offsets[low - 1] ?? 0);
  }

  #grow(): void {
    const size = this.#offsets.length * 2;
    const grow = <A extends Float64Array | Uint32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#sequences = grow(this.#sequences, new Float64Array(size));
    this.#arrivals = grow(this.#arrivals, new Float64Array(size));
    this.#offsets = grow(this.#offsets, new Uint32Array(size));
  }
}
