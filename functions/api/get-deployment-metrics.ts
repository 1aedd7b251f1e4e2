import { metricsView, unreachableMetrics } from '../control/metrics-view.ts';
import { findJob } from '../gateway/find-job.ts';
import { readFigures } from '../gateway/read-figures.ts';
import { handler } from '../middleware/call.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const getDeploymentMetrics = handler('getDeploymentMetrics', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const at = platform.now().toISOString();
  const found = await findJob(platform, deployment);
  if (found.kind === 'none') {
    return { body: unreachableMetrics(at, deployment.status.jobId, found.reason) };
  }
  try {
    const figures = await readFigures(platform, found.job);
    return {
      body:
        typeof figures === 'string'
          ? unreachableMetrics(at, found.job.jobId, figures)
          : metricsView(at, figures),
    };
  } catch (error) {
    logger.warn('Figures of a job were not read', { jobId: found.job.jobId, ...errorFields(error) });
    return { body: unreachableMetrics(at, found.job.jobId, 'The way to the job is interrupted.') };
  }
});
