/** The task of a job, as far as there is one. */
import type { Attempt } from '#contract/resources/job.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import type { JobCall, ReachableJob } from '../gateway/call-job.ts';
import type { GatewayAnswer } from '../gateway/gateway.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { StepContext } from './step.ts';
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

/**
 * The attempt whose process an operation has to see to its end.
 *
 * Of a job that has ended, too, where another one takes its place: a process that outlives its job, such as one that
 * failed its gate a moment ago, could still act on the world.
 */
export function attemptToEnd({
  operation,
  job,
}: Pick<StepContext, 'operation' | 'job'>): Attempt | undefined {
  return operation.replacement === null ? liveJob(job)?.attempt : job?.attempts.at(-1);
}

/** The task of an attempt; undefined when it was never started or ECS has forgotten it. */
export async function taskOf({ tasks }: Platform, { taskArn }: Attempt): Promise<TaskView | undefined> {
  return taskArn === null ? undefined : (await tasks.describe([taskArn]))[0];
}

/** Where the job's REST API is: as recorded, or as ECS says now. */
export async function reachable(
  platform: Platform,
  { job, attempt }: LiveJob,
): Promise<ReachableJob | undefined> {
  const address = job.address ?? (await taskOf(platform, attempt))?.address;
  return address === undefined ? undefined : { jobId: job.id, address };
}

/** One call of the job's REST API; a status of 0 means that nobody answered. */
export async function ask(platform: Platform, live: LiveJob, call: JobCall): Promise<GatewayAnswer> {
  const target = await reachable(platform, live);
  if (target === undefined) return { status: 0, body: 'its task has no address' };
  const [answer] = await platform.jobs.call(target, [call]);
  return answer ?? { status: 0, body: 'the gateway gave no answer' };
}
