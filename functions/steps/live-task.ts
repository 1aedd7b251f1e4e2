/** The task of a job, as far as there is one. */
import type { Attempt } from '#contract/resources/job.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import { callJob } from '../gateway/call-job.ts';
import type { JobCall, ReachableJob } from '../gateway/call-job.ts';
import type { GatewayAnswer } from '../gateway/gateway.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { describeTask } from './tasks.ts';
import type { TaskView } from './tasks.ts';

/** A job that has not ended, with its newest attempt. */
export interface LiveJob {
  readonly job: StoredJob;
  readonly attempt: Attempt;
}

/** Undefined for a job that has ended, or that never got an attempt. */
export function liveJob(job: StoredJob | undefined): LiveJob | undefined {
  const attempt = job?.attempts.at(-1);
  if (job === undefined || attempt === undefined || endedJobStates.includes(job.state)) return undefined;
  return { job, attempt };
}

/** The task of an attempt; undefined when it was never started or ECS has forgotten it. */
export async function taskOf(attempt: Attempt): Promise<TaskView | undefined> {
  return attempt.taskArn === null ? undefined : describeTask(attempt.taskArn);
}

/** Where the job's REST API is: as recorded, or as ECS says now. */
export async function reachable({ job, attempt }: LiveJob): Promise<ReachableJob | undefined> {
  const address = job.address ?? (await taskOf(attempt))?.address;
  return address === undefined ? undefined : { jobId: job.id, address };
}

/** One call of the job's REST API; a status of 0 means that nobody answered. */
export async function ask(live: LiveJob, call: JobCall): Promise<GatewayAnswer> {
  const target = await reachable(live);
  if (target === undefined) return { status: 0, body: 'its task has no address' };
  const [answer] = await callJob(target, [call]);
  return answer ?? { status: 0, body: 'the gateway gave no answer' };
}
