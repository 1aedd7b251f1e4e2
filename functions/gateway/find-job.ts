/** The job of a deployment whose REST API can be called now. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import type { Platform } from '../middleware/platform.ts';
import type { ReachableJob } from './call-job.ts';

/** Either a job to call, or why there is none, as a sentence. */
export type FoundJob =
  | { readonly kind: 'reachable'; readonly job: ReachableJob }
  | { readonly kind: 'none'; readonly reason: string };

export async function findJob({ stores }: Platform, deployment: Deployment): Promise<FoundJob> {
  const { jobNumber, state } = deployment.status;
  const job = jobNumber === null ? undefined : await stores.jobs.get(deployment.id, jobNumber);
  if (job === undefined || endedJobStates.includes(job.state)) {
    return { kind: 'none', reason: `No job runs: the deployment is ${state}.` };
  }
  if (job.address === null) return { kind: 'none', reason: `Job ${job.number} is on its way up.` };
  return { kind: 'reachable', job: { jobId: job.id, address: job.address } };
}
