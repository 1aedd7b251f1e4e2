/** Bytes of state that one slot may have handed over and that are not stored. */
const ALLOWANCE = 32 * 1024 * 1024;

/**
 * What a slot may still hand over of its snapshots: a storage that is slower than the slots writes at its own pace, and
 * the coordinator does not become the place where all state lies in memory.
 */
export class PartAllowance {
  #taken = 0;

  /** True while more may be written; the last part may go beyond. */
  get left(): boolean {
    return this.#taken < ALLOWANCE;
  }

  take(bytes: number): void {
    this.#taken += bytes;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
  }
}
