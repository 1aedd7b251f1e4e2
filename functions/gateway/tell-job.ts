/** Tells a deployment's running job to do something at once, and turns its refusals into problems. */
import * as z from 'zod';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import type { JobCall, ReachableJob } from './call-job.ts';
import { findJob } from './find-job.ts';
import type { GatewayAnswer } from './gateway.ts';

const Refusal = z.object({ errors: z.array(z.string()).min(1) });

/** The job to tell; `what` begins the sentence of the refusal: `Cannot rescale deployment "clicks"`. */
export async function jobToTell(
  platform: Platform,
  deployment: Deployment,
  what: string,
): Promise<ReachableJob> {
  const found = await findJob(platform, deployment);
  if (found.kind === 'reachable') return found.job;
  throw new Problem('job-refused', `${what}: only a running job can do it. ${found.reason}`);
}

/** The body of the job's answer. Throws `job-refused` with its reason, or `job-unreachable`. */
export async function tellJob(
  { jobs }: Platform,
  job: ReachableJob,
  call: JobCall,
  what: string,
): Promise<unknown> {
  const [answer] = await jobs.call(job, [call]);
  if (answer?.status === 200) return answer.body;
  throw refusalOf(answer, what);
}

function refusalOf(answer: GatewayAnswer | undefined, what: string): Problem {
  const reason = Refusal.safeParse(answer?.body).data?.errors[0];
  const isRefused = answer !== undefined && answer.status >= 400 && answer.status < 500;
  return isRefused
    ? new Problem('job-refused', `${what}: ${reason ?? `the job answered ${answer.status}`}`)
    : new Problem('job-unreachable', `${what}: its job does not answer; look at it before you try again`);
}
