const MB = 1024 * 1024;

/** Of the main thread: the coordinator, the REST API, and chunks of checkpoints on their way. */
const MAIN_MB = 128;
/** The rest is for buffers, which are outside of the heap: batches, rings, parts of snapshots. */
const HEAP_SHARE = 0.75;
/** Less than that does not load a program. */
const LEAST_MB = 64;

/** The heap of each of so many slots, in MB, from the memory that the worker has. */
export function slotHeapMb(memoryBytes: number, slots: number): number {
  return Math.max(LEAST_MB, Math.floor(((memoryBytes / MB) * HEAP_SHARE - MAIN_MB) / slots));
}
