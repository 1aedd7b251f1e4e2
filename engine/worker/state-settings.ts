import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerEnvironment } from '#contract/names.ts';
import type { JobOptions, StateBackendName } from '../runtime/job-options.ts';
import { readResources } from './resources.ts';
import { slotHeapMb } from './slot-heap.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** Of a slot's heap: the rest is for what is not state, and for entries that came in one batch. */
const STATE_SHARE = 0.25;
const LEAST_MB = 16;

/** Where operators keep their state. */
export interface StateSettings {
  readonly backend: StateBackendName;
  /** Of all jobs on this machine; a temporary one where nobody names it. */
  readonly directory: string;
  readonly memoryMb: number | undefined;
}

/** Throws a `WorkerRefusal` that names the variable at fault. */
export function stateSettings(environment: Readonly<Record<string, string | undefined>>): StateSettings {
  const names = workerEnvironment;
  const backend = environment[names.stateBackend] || 'heap';
  const directory = environment[names.stateDirectory] || join(tmpdir(), 'headwater-state');
  const memory = environment[names.stateMemoryMb] || undefined;
  if (backend !== 'heap' && backend !== 'disk') {
    throw new WorkerRefusal(
      `Cannot start the worker: ${names.stateBackend} is "${backend}", it must be "heap" or "disk"`,
    );
  }
  if (memory !== undefined && !/^[1-9]\d*$/.test(memory)) {
    throw new WorkerRefusal(
      `Cannot start the worker: ${names.stateMemoryMb} is "${memory}", it must be a whole number of megabytes`,
    );
  }
  return { backend, directory, memoryMb: memory === undefined ? undefined : Number(memory) };
}

/** Who has the directory: a job, and the right by which this process runs it. */
export interface StateOwner {
  readonly jobId: string;
  readonly epoch: number;
  readonly parallelism: number;
}

/** The settings as the job takes them; all slots of the job share the memory that the worker has. */
export function stateOptions(
  { backend, directory, memoryMb }: StateSettings,
  { jobId, epoch, parallelism }: StateOwner,
): Pick<JobOptions, 'stateBackend' | 'stateDirectory' | 'stateMemoryMb'> {
  const heapMb = slotHeapMb(readResources().memoryBytes, parallelism);
  return {
    stateBackend: backend,
    stateDirectory: join(directory, jobId, String(epoch)),
    stateMemoryMb: memoryMb ?? Math.max(LEAST_MB, Math.floor(heapMb * STATE_SHARE)),
  };
}

/** Removes what processes have left that ran this job before: none of them has the right to it any more. */
export function removeEarlierState({ directory }: StateSettings, { jobId }: StateOwner): void {
  rmSync(join(directory, jobId), { recursive: true, force: true });
}

/** Removes what this process has left; a later one may be at work beside it. */
export function removeOwnState({ directory }: StateSettings, { jobId, epoch }: StateOwner): void {
  rmSync(join(directory, jobId, String(epoch)), { recursive: true, force: true });
}
