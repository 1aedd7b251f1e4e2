import { Problem } from '#contract/problems.ts';
import type { Attempt, RestoredFrom } from '#contract/resources/job.ts';
import { chooseRestore } from '../control/choose-restore.ts';
import { invariant } from '../middleware/invariant.ts';
import { flinkId } from '../control/trigger-id.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { triesSince } from '../control/decide-recovery.ts';
import { fence, fenceFor } from './fence.ts';
import type { Step, StepContext, StepOutcome } from './step.ts';

/** Takes the right to commit checkpoints from every older job, then writes down the job or attempt that has it. */
export const claimEpoch: Step = async (context) => {
  const { operation, job } = context;
  if (job?.claimedBy === operation.id) return { message: claimedMessage(job) };
  if (operation.kind !== 'recover') return newJob(context);
  invariant(job !== undefined, 'a recovered deployment has a job');
  // Whoever accepted the recovery has said why.
  const next = await nextAttempt(context, job, operation.request.description);
  return {
    message: claimedMessage(next),
    writes: [context.platform.stores.jobs.replaced(next)],
  };
};

async function newJob(context: StepContext): Promise<StepOutcome> {
  const { platform, operation, deployment } = context;
  const { stores } = platform;
  const { spec } = deployment;
  const jobId = flinkId(operation.id);
  const version = await stores.versions.get(deployment.namespace, spec.application, spec.version);
  if (version === undefined) {
    const message = `Cannot start deployment "${deployment.name}": version ${spec.version} of "${spec.application}" does not exist; choose another`;
    throw new Problem('not-found', message);
  }
  const savepoints = await stores.savepoints.completed(deployment.id);
  const { epoch, checkpointId, restoredFrom } = await fence(platform, deployment.id, jobId, (checkpoint) => {
    const strategy = operation.request.restoreStrategy ?? spec.restoreStrategy;
    return chooseRestore(strategy, { deployment: deployment.name, savepoints, checkpoint });
  });
  const job: StoredJob = {
    id: jobId,
    number: (deployment.status.jobNumber ?? 0) + 1,
    namespace: deployment.namespace,
    deployment: deployment.name,
    deploymentId: deployment.id,
    state: 'starting',
    spec,
    specRevision: deployment.specRevision,
    applicationSha256: version.sha256,
    graphHash: version.graphHash,
    restoredFrom,
    attempts: [attempt(1, epoch, context.at)],
    createdAt: context.at,
    startedAt: null,
    endedAt: null,
    failure: null,
    recordsIn: null,
    recordsOut: null,
    revision: 1,
    claimedBy: operation.id,
    tries: { checkpointId, startedAt: [context.at] },
    address: null,
    silentSince: null,
  };
  return jobCreated(context, job);
}

function jobCreated(context: StepContext, job: StoredJob): StepOutcome {
  const { platform, deployment } = context;
  const { stores } = platform;
  return {
    message: claimedMessage(job),
    change: { jobId: job.id },
    writes: [
      stores.jobs.created(job),
      stores.deployments.replaced({
        ...deployment,
        status: { ...deployment.status, jobId: job.id, jobNumber: job.number },
        revision: deployment.revision + 1,
      }),
      context.event({
        name: 'job-created',
        message: `Job ${job.number} begins ${describe(job.restoredFrom)}.`,
        jobId: job.id,
      }),
    ],
  };
}

/** The job with one attempt more, fenced against the one before. The caller writes it. */
export async function nextAttempt(context: StepContext, job: StoredJob, reason: string): Promise<StoredJob> {
  const { platform, operation, at } = context;
  const { epoch, checkpointId } = await fenceFor(platform, job.deploymentId, job.id);
  const attempts = job.attempts.map((before) =>
    before.endedAt === null ? { ...before, endedAt: at, reason: before.reason ?? reason } : before,
  );
  return {
    ...job,
    state: 'starting',
    attempts: [...attempts, attempt(attempts.length + 1, epoch, at)],
    claimedBy: operation.id,
    tries: { checkpointId, startedAt: [...triesSince(job.tries, checkpointId), at] },
    address: null,
    silentSince: null,
    revision: job.revision + 1,
  };
}

function attempt(number: number, epoch: number, startedAt: string): Attempt {
  return { number, epoch, taskArn: null, startedAt, endedAt: null, reason: null };
}

function claimedMessage(job: StoredJob): string {
  const last = job.attempts.at(-1);
  return `Job ${job.number}, attempt ${last?.number}, holds epoch ${last?.epoch}.`;
}

/** Where a job begins, as the end of a sentence. */
export function describe(from: RestoredFrom): string {
  switch (from.kind) {
    case 'none':
      return 'with empty state';
    case 'savepoint':
      return `from savepoint ${from.savepointId}`;
    case 'checkpoint':
      return `from checkpoint ${from.checkpointId}`;
  }
}
