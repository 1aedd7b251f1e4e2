import { Problem } from '#contract/problems.ts';
import { isReached, rescaledBounds, ResourceRequirements } from '../gateway/rescale-bounds.ts';
import type { ReachableJob } from '../gateway/call-job.ts';
import { tellJob } from '../gateway/tell-job.ts';
import { invariant } from '../middleware/invariant.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import { liveJob, reachable } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { poll } from './poll.ts';
import { restate } from '../operations/restate.ts';
import { RetryableError } from './retryable-error.ts';
import type { Step, StepContext, StepOutcome } from './step.ts';

/** Asks the job to run with another parallelism; it either does, or goes on with the old one. */
export const rescaleJob: Step = async (context) => {
  const { operation, deployment, platform } = context;
  const to = operation.request.parallelism;
  const live = liveJob(context.job);
  invariant(to !== null, 'a rescale names a parallelism');
  const what = `Cannot rescale deployment "${deployment.name}" to ${to}`;
  if (live === undefined) throw new Problem('job-refused', `${what}: it has no live job; start it first`);
  const from = live.job.spec.parallelism;
  if (from !== to) {
    const target = await reachable(platform, live);
    if (target === undefined) throw new RetryableError(`${what}: its job has no address yet`);
    await rescale(platform, target, { from, to, what });
  }
  return rescaled(context, live, to);
};

async function rescale(
  platform: Platform,
  job: ReachableJob,
  { from, to, what }: { readonly from: number; readonly to: number; readonly what: string },
): Promise<void> {
  const path = `/jobs/${job.jobId}/resource-requirements`;
  const requirements = async () =>
    ResourceRequirements.parse(await tellJob(platform, job, { method: 'GET', path }, what));
  const now = await requirements();
  const wanted = rescaledBounds(now, from, to);
  // The run before this one may have asked already.
  if (isReached(now, wanted)) return;
  await tellJob(platform, job, { method: 'PUT', path, body: wanted }, what);
  // The job answers at once and rescales then; what became of it is seen from its vertices.
  await poll(platform, `the job to run with parallelism ${to}`, async () =>
    isReached(await requirements(), wanted) ? true : undefined,
  );
}

/** The spec has it from now on, and so has the job: another attempt of it must not fall back. */
async function rescaled(context: StepContext, { job }: LiveJob, to: number): Promise<StepOutcome> {
  const { platform, operation, deployment, at } = context;
  const { stores } = platform;
  const from = job.spec.parallelism;
  // What is inherited already must not be pinned down.
  const isSaid = deployment.spec.parallelism === to;
  const stated = isSaid ? deployment.stated : { ...deployment.stated, parallelism: to };
  const reason = `Rescaled from ${from} to ${to}.`;
  const after = await restate(platform, deployment, stated, { actor: operation.actor, at, reason });
  const specRevision = after.deployment.specRevision;
  const writes: Write[] = [
    stores.deployments.replaced({
      ...after.deployment,
      modifiedAt: at,
      revision: deployment.revision + 1,
    }),
    ...(after.revision === undefined
      ? []
      : [stores.revisions.created({ ...after.revision, operationId: operation.id })]),
  ];
  if (from === to) return { message: `Job ${job.number} runs with parallelism ${to} already.`, writes };
  return {
    message: `Job ${job.number} runs with parallelism ${to}.`,
    writes: [
      ...writes,
      stores.jobs.replaced({
        ...job,
        spec: { ...job.spec, parallelism: to },
        specRevision,
        revision: job.revision + 1,
      }),
      context.event({
        name: 'job-rescaled',
        message: `Job ${job.number} was rescaled from ${from} to ${to}.`,
        jobId: job.id,
        before: String(from),
        after: String(to),
      }),
    ],
  };
}
