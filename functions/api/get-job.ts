import { Problem } from '#contract/problems.ts';
import { Job } from '#contract/resources/job.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const getJob = handler('getJob', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const job = await platform.stores.jobs.get(deployment.id, params.job);
  if (job === undefined) {
    const message = `Cannot find job ${params.job}: deployment "${deployment.name}" has had ${deployment.status.jobNumber ?? 0} jobs`;
    throw new Problem('not-found', message);
  }
  return { body: Job.parse(job), revision: job.revision };
});
