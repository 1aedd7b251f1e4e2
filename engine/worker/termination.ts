import { randomUUID } from 'node:crypto';
import type { Job } from '../runtime/job-status.ts';

// The container's stop timeout is 30 s; a checkpoint that takes longer than this is not worth waiting for.
const CHECKPOINT_WAIT_MS = 7000;
const POLL_MS = 20;

/** 32 hexadecimal characters, as Flink's ids are. */
export function newTriggerId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Takes a last checkpoint, so that the next start has little to do again; tells how that ended. */
export async function lastCheckpoint(job: Job): Promise<'completed' | 'failed' | 'timed-out'> {
  const triggerId = newTriggerId();
  job.triggerCheckpoint(triggerId);
  for (let waitedMs = 0; waitedMs < CHECKPOINT_WAIT_MS; waitedMs += POLL_MS) {
    const status = job.checkpointStatus(triggerId)?.status ?? 'failed';
    if (status !== 'in-progress') {
      return status;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
  return 'timed-out';
}
