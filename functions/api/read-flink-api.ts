import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { findJob } from '../gateway/find-job.ts';
import { handler } from '../middleware/call.ts';
import type { Reply } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { barePath, disposalTrigger, savepointTrigger } from './flink-path.ts';
import { disposalStatus, noJobOf, triggerStatus } from './flink-trigger.ts';

/** What there is to say about a deployment without a job; everything else is not there. */
const withoutJob: Readonly<Record<string, unknown>> = {
  'jobs/overview': { jobs: [] },
  jobs: { jobs: [] },
  taskmanagers: { taskmanagers: [] },
};

export const readFlinkApi = handler('readFlinkApi', async ({ platform, params, search }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const path = barePath(params.path);
  const disposal = disposalTrigger(path);
  if (disposal !== undefined) return { body: await disposalStatus(platform, deployment, disposal) };
  const trigger = savepointTrigger(path);
  const status = trigger && (await triggerStatus(platform, deployment, trigger.triggerId));
  if (status !== undefined) return { body: status };
  if (trigger !== undefined && trigger.jobId !== deployment.status.jobId)
    return { body: noJobOf(trigger.jobId) };
  const found = await findJob(platform, deployment);
  if (found.kind === 'none') return jobless(deployment, path, found.reason);
  const query = search.size === 0 ? '' : `?${search}`;
  const [answer] = await platform.jobs.call(found.job, [{ method: 'GET', path: `/${path}${query}` }]);
  if (answer !== undefined && answer.status !== 0) return { status: answer.status, body: answer.body };
  throw new Problem('job-unreachable', `Cannot read /${path}: the job does not answer; try again`);
});

function jobless(deployment: Deployment, path: string, reason: string): Reply<'readFlinkApi'> {
  const body = Object.hasOwn(withoutJob, path) ? withoutJob[path] : undefined;
  if (body !== undefined) return { body };
  return { status: 404, body: { errors: [`Not found: /${path} of "${deployment.name}". ${reason}`] } };
}
