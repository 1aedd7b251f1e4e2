import { Problem } from '#contract/problems.ts';
import type { Attempt, RestoredFrom } from '#contract/resources/job.ts';
import { chooseRestore } from '../control/choose-restore.ts';
import { invariant } from '../middleware/invariant.ts';
import type { Write } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { triesSince } from '../control/decide-recovery.ts';
import { beginningWrites, keepBeside, strategyOf } from './begin-from.ts';
import { endJob } from '../operations/end-job.ts';
import { fence, fenceFor } from './fence.ts';
import { liveJob } from './live-task.ts';
import { nextJob } from './next-job.ts';
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
  const { platform, deployment } = context;
  const { stores } = platform;
  const draft = await nextJob(context);
  const savepoints = await stores.savepoints.completed(deployment.id);
  const { epoch, checkpointId, restoredFrom } = await fence(
    platform,
    deployment.id,
    draft.id,
    async (checkpoint) => {
      const candidates = { deployment: deployment.name, savepoints, checkpoint };
      const chosen = chooseRestore(strategyOf(context), candidates);
      if (!(chosen instanceof Problem)) await keepBeside(context, checkpoint, { chosen, savepoints });
      return chosen;
    },
  );
  const job: StoredJob = {
    ...draft,
    restoredFrom,
    attempts: [attempt(1, epoch, context.at)],
    tries: { checkpointId, startedAt: [context.at] },
  };
  return jobCreated(context, job);
}

async function jobCreated(context: StepContext, job: StoredJob): Promise<StepOutcome> {
  const { platform, deployment } = context;
  const { stores } = platform;
  return {
    message: claimedMessage(job),
    change: { jobId: job.id },
    writes: [
      ...(await earlierEnded(context, job)),
      ...(await beginningWrites(context, job.restoredFrom)),
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

/** A deployment has one live job: who gets the right to run takes the place of the one before in the same moment. */
async function earlierEnded(context: StepContext, job: StoredJob): Promise<Write[]> {
  const live = liveJob(context.job);
  if (live === undefined) return [];
  return endJob(context, live.job, { state: 'terminated', reason: `Job ${job.number} took its place` });
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
