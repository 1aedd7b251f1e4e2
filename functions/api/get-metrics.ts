import type { Deployment } from '#contract/resources/deployment.ts';
import { deploymentMetrics, mergeMetrics } from '../control/merge-metrics.ts';
import type { JobMetrics } from '../control/merge-metrics.ts';
import { findJob } from '../gateway/find-job.ts';
import { handler } from '../middleware/call.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Page, PageRequest } from '../stores/page.ts';

/** Figures of the platform and of every job that runs. A job that does not answer is missing, and nothing else. */
export const getMetrics = handler('getMetrics', async ({ platform }) => {
  const { stores } = platform;
  const namespaces = await all((request) => stores.namespaces.list(request));
  const listed = await Promise.all(
    namespaces.map(({ name }) => all((request) => stores.deployments.list(name, request))),
  );
  const deployments = listed.flat();
  const answers = await Promise.all(deployments.map((deployment) => metricsOf(platform, deployment)));
  const states = deployments.map(({ namespace, status }) => ({ namespace, state: status.state }));
  return {
    body: deploymentMetrics(states) + mergeMetrics(answers.filter((answer) => answer !== undefined)),
  };
});

async function metricsOf(platform: Platform, deployment: Deployment): Promise<JobMetrics | undefined> {
  const { namespace, name } = deployment;
  try {
    const found = await findJob(platform, deployment);
    if (found.kind === 'none') return undefined;
    const [answer] = await platform.jobs.call(found.job, [{ method: 'GET', path: '/metrics' }]);
    const isText = answer?.status === 200 && typeof answer.body === 'string';
    return isText ? { namespace, deployment: name, text: answer.body } : undefined;
  } catch (error) {
    logger.warn('Metrics of a job were not read', { deployment: name, ...errorFields(error) });
    return undefined;
  }
}

const PAGE = 200;

async function all<T>(page: (request: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...answer.items);
    cursor = answer.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
