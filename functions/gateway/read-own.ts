/** Reads what the engine tells beyond Flink's REST API; a job of Flink has nothing there. */
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import { findJob } from './find-job.ts';

/** Undefined where no job runs, or it does not answer. `path` stands below `headwater`. */
export async function readOwn(platform: Platform, deployment: Deployment, path: string): Promise<unknown> {
  const found = await findJob(platform, deployment);
  if (found.kind === 'none') return undefined;
  const [answer] = await platform.jobs.call(found.job, [{ method: 'GET', path: `/headwater/${path}` }]);
  return answer?.status === 200 ? answer.body : undefined;
}
