import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskBackend } from '../state/disk/disk-backend.ts';
import { nodeFiles } from '../state/disk/disk-files.ts';
import type { JobOptions } from './job-options.ts';

const DEFAULT_STATE_MEMORY_MB = 256;
const BYTES_PER_MB = 1 << 20;

/** Where one slot keeps state that is larger than its memory; plain data, since it crosses the border of threads. */
export interface SlotStorage {
  readonly directory: string;
  /** What entries may take in memory, of all operators of the slot together. */
  readonly cacheBytes: number;
}

/**
 * The storage of one slot of one attempt; undefined where state is on the heap. No two have the same directory, since
 * the slots of the next attempt may be there before those of the last one are gone.
 */
export function slotStorage(
  options: Pick<JobOptions, 'jobId' | 'stateBackend' | 'stateDirectory' | 'stateMemoryMb'>,
  slot: number,
  random: () => number,
): SlotStorage | undefined {
  const { jobId, stateBackend = 'heap', stateDirectory, stateMemoryMb = DEFAULT_STATE_MEMORY_MB } = options;
  if (stateBackend === 'heap') return undefined;
  const attempt = Math.floor(random() * 2 ** 32).toString(16);
  return {
    directory: join(stateDirectory ?? join(tmpdir(), 'headwater-state', jobId), `slot-${slot}-${attempt}`),
    cacheBytes: stateMemoryMb * BYTES_PER_MB,
  };
}

export function openStorage({ directory, cacheBytes }: SlotStorage): DiskBackend {
  return new DiskBackend({ files: nodeFiles(directory), cacheBytes });
}

/** Removes what a slot has left behind that could not do it itself. */
export function removeStorage(storage: SlotStorage | undefined): void {
  if (storage !== undefined) rmSync(storage.directory, { recursive: true, force: true });
}
