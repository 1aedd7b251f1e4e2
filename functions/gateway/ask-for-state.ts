/** Reads state of a deployment's running job, and turns the job's refusals into problems. */
import * as z from 'zod';
import { Problem } from '#contract/problems.ts';
import type { ProblemCode } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import { jobToTell } from './tell-job.ts';

const Refusal = z.object({ errors: z.array(z.string()).min(1) });

const codes: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  404: 'not-found',
  410: 'invalid-cursor',
};

/** `path` stands below the job's own `state`. */
export async function askForState(
  platform: Platform,
  deployment: Deployment,
  path: string,
): Promise<unknown> {
  const what = `Cannot read state of deployment "${deployment.name}"`;
  const job = await jobToTell(platform, deployment, what);
  const [answer] = await platform.jobs.call(job, [
    { method: 'GET', path: `/jobs/${job.jobId}/state${path}` },
  ]);
  if (answer?.status === 200) return answer.body;
  const reason = Refusal.safeParse(answer?.body).data?.errors[0];
  throw new Problem(
    codes[answer?.status ?? 0] ?? 'job-unreachable',
    reason ?? `${what}: its job does not answer; try again`,
  );
}
