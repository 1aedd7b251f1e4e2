import type { CheckpointOptions } from '../runtime/job-options.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** How checkpoints are taken and kept, besides their interval. */
export type CheckpointSettings = Omit<CheckpointOptions, 'checkpointIntervalMs'>;

/** Fields with their least values. */
const FIELDS: Readonly<Record<keyof CheckpointSettings, number>> = {
  checkpointMinPauseMs: 0,
  checkpointTimeoutMs: 1,
  tolerableFailedCheckpoints: 0,
  retainedCheckpoints: 1,
  unalignedAfterMs: 0,
};

/** Reads what the control plane wrote; throws a `WorkerRefusal` that names the variable and the field at fault. */
export function checkpointSettings(value: unknown, name: string): CheckpointSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WorkerRefusal(`Cannot start the worker: ${name} must be an object`);
  }
  const least = new Map(Object.entries(FIELDS));
  for (const [field, amount] of Object.entries(value)) {
    const from = least.get(field);
    if (from === undefined) {
      throw new WorkerRefusal(
        `Cannot start the worker: ${name} has a field "${field}", it may have ${[...least.keys()].join(', ')}`,
      );
    }
    if (!Number.isSafeInteger(amount) || Number(amount) < from) {
      throw new WorkerRefusal(
        `Cannot start the worker: ${name}.${field} is ${JSON.stringify(amount)}, it must be a whole number from ${from}`,
      );
    }
  }
  return value;
}
