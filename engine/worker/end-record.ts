import type { CheckpointStorage } from '../host.ts';
import { ownsDeployment } from '../runtime/coordinator/head.ts';
import type { JobEnd, JobStatusView } from '../runtime/job-status.ts';

/** How a job ended, for whoever looks when its process is gone. */
export interface EndRecord {
  readonly state: JobEnd['state'];
  readonly failure: JobEnd['failure'] | null;
  /**
   * Records that the sources read and the sinks took since the last restart: exact for a job that finished, at its
   * last checkpoint or a second before the end for one that did not.
   */
  readonly recordsIn: number;
  readonly recordsOut: number;
}

/** A job with how it ended. */
export interface EndedJob {
  readonly end: JobEnd;
  readonly job: JobStatusView;
  /** Takes secrets out of the record. */
  readonly mask: (text: string) => string;
}

/**
 * Writes `end.json` beside the checkpoints of the job; the control plane reads it when the REST API is gone. False, with
 * nothing written, where the deployment has another epoch: then the job lives on in another process, and only this one
 * has ended.
 */
export async function writeEnd(
  storage: CheckpointStorage,
  prefix: string,
  { end, job, mask }: EndedJob,
): Promise<boolean> {
  if (!(await ownsDeployment(storage, { prefix, epoch: job.epoch }))) return false;
  const record: EndRecord = { state: end.state, failure: end.failure ?? null, ...recordCounts(job) };
  await storage.put(`${prefix}/jobs/${job.id}/end.json`, Buffer.from(mask(JSON.stringify(record))));
  return true;
}

function recordCounts({ vertices }: JobStatusView): Pick<EndRecord, 'recordsIn' | 'recordsOut'> {
  let recordsIn = 0;
  let recordsOut = 0;
  for (const { inputs, operators, subtasks } of vertices) {
    const sinks = new Set(
      operators.filter((operator) => operator.kind === 'sink').map((operator) => operator.id),
    );
    for (const subtask of subtasks) {
      recordsIn += inputs.length === 0 ? subtask.recordsIn : 0;
      for (const counters of subtask.operators) {
        recordsOut += sinks.has(counters.id) ? counters.recordsIn : 0;
      }
    }
  }
  return { recordsIn, recordsOut };
}
