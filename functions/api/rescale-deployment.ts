import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { newEvent } from '../control/new-event.ts';
import { isReached, rescaledBounds, ResourceRequirements } from '../gateway/rescale-bounds.ts';
import type { ReachableJob } from '../gateway/call-job.ts';
import { jobToTell, tellJob } from '../gateway/tell-job.ts';
import { handler } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';
import { deploymentNamed } from '../steps/request-verb.ts';
import { commitChange } from './changes.ts';

const POLL_MS = 250;
// A function of the API may take half a minute, and the answer has to be written down in it.
const PATIENCE_MS = 20_000;

/** Carried out at once and by the job alone: it either runs with the new parallelism or goes on with the old one. */
export const rescaleDeployment = handler('rescaleDeployment', async ({ platform, params, body, access }) => {
  const { namespace } = params;
  const deployment = await deploymentNamed(platform, namespace, params.deployment);
  const what = `Cannot rescale deployment "${deployment.name}" to ${body.parallelism}`;
  refuseDuringOperation(deployment, what);
  const job = await jobToTell(platform, deployment, what);
  const running = await platform.stores.jobs.latest(deployment.id);
  const from = running?.spec.parallelism ?? deployment.spec.parallelism;
  await rescale(platform, job, { from, to: body.parallelism }, what);
  const after = await record(platform, deployment, { ...body, actor: access.actor });
  return { body: after, revision: after.revision };
});

function refuseDuringOperation({ status: { operationId } }: Deployment, what: string): void {
  if (operationId === null) return;
  const message = `${what}: operation ${operationId} is under way; wait until it ended`;
  throw new Problem('operation-in-progress', message, { operationId });
}

async function rescale(
  platform: Platform,
  job: ReachableJob,
  { from, to }: { readonly from: number; readonly to: number },
  what: string,
): Promise<void> {
  const path = `/jobs/${job.jobId}/resource-requirements`;
  const requirements = async () =>
    ResourceRequirements.parse(await tellJob(platform, job, { method: 'GET', path }, what));
  const wanted = rescaledBounds(await requirements(), from, to);
  await tellJob(platform, job, { method: 'PUT', path, body: wanted }, what);
  // The job answers at once and rescales then; what became of it is seen from its vertices.
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if (isReached(await requirements(), wanted)) return;
    await platform.pause(POLL_MS);
  }
  const message = `${what}: the job has not reached it within ${PATIENCE_MS / 1000} seconds, and may yet; look at its vertices and faults`;
  throw new Problem('job-unreachable', message);
}

/** The spec has it from now on, and so has the job: another attempt of it must not fall back. */
async function record(
  { stores, newId, now }: Platform,
  { namespace, name }: Deployment,
  { parallelism, actor }: { readonly parallelism: number; readonly actor: string },
): Promise<Deployment> {
  const before = await stores.deployments.get(namespace, name);
  const job = before === undefined ? undefined : await stores.jobs.latest(before.id);
  if (before === undefined || job === undefined)
    throw new Problem('not-found', `Cannot find deployment "${name}": it is gone`);
  const at = now().toISOString();
  const after: Deployment = {
    ...before,
    spec: { ...before.spec, parallelism },
    modifiedAt: at,
    revision: before.revision + 1,
  };
  const message = `Job ${job.number} was rescaled from ${job.spec.parallelism} to ${parallelism}.`;
  const event = newEvent(
    { id: newId(), at, actor, namespace, deployment: name, deploymentId: before.id },
    {
      name: 'job-rescaled',
      message,
      jobId: job.id,
      before: String(job.spec.parallelism),
      after: String(parallelism),
    },
  );
  await commitChange(stores, `deployment "${name}"`, [
    stores.deployments.replaced(after),
    stores.jobs.replaced({ ...job, spec: { ...job.spec, parallelism }, revision: job.revision + 1 }),
    stores.events.appended(event),
  ]);
  return after;
}
