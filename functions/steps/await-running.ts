import { Problem } from '#contract/problems.ts';
import { jobProgress } from '../control/job-figures.ts';
import { pauseMsOf } from '../control/pause-of.ts';
import { Exceptions, JobDetail } from '../gateway/flink-answers.ts';
import { invariant } from '../middleware/invariant.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { judgeStop } from './judge-stop.ts';
import { dropSecrets } from './launch-secrets.ts';
import { ask, liveJob, reachable, taskOf } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { poll } from './poll.ts';
import { replaceAttempt, startClaimed } from './replace-attempt.ts';
import type { Step, StepContext, StepOutcome } from './step.ts';
import { viewOfStandby } from './standby.ts';
import type { TaskView } from './tasks.ts';

/** Waits until the job runs with all its operators; a task that dies on the way gets a successor. */
export const awaitRunning: Step = async (context) => {
  const live = liveJob(context.job);
  invariant(live !== undefined, 'the task was started before it is waited for');
  // A try before this one claimed another attempt and could not start its task.
  if (live.attempt.taskArn === null) await startClaimed(context, live.job);
  return poll(context.platform, 'the operators to run', async () => {
    const task = await taskOf(context.platform, live.attempt);
    if (task?.status === 'stopped') return afterStop(context, live, task);
    if (task?.address === undefined) return undefined;
    return observeJob(context, live, task.address);
  });
};

async function observeJob(
  context: StepContext,
  live: LiveJob,
  address: string,
): Promise<StepOutcome | undefined> {
  const job = { ...live.job, address };
  const answer = await ask(context.platform, { ...live, job }, { method: 'GET', path: `/jobs/${job.id}` });
  if (answer.status !== 200) return undefined;
  const detail = JobDetail.parse(answer.body);
  switch (jobProgress(detail)) {
    case 'coming':
      return undefined;
    case 'up':
      return running(context, job);
    case 'ended':
      // A bounded job may be through before anybody looked.
      if (detail.state === 'FINISHED') return running(context, job);
      throw await jobFailed(context, { ...live, job }, detail.state);
  }
}

async function running(context: StepContext, job: StoredJob): Promise<StepOutcome> {
  const pauseMs = pauseMsOf(context.operation.steps, context.platform.now().getTime());
  // Its worker has read the secrets that it was started with.
  await dropSecrets(context.platform, job);
  return {
    message: `Every operator of job ${job.number} runs${await handedOver(context, job)}.`,
    change: { pauseMs },
    writes: [context.platform.stores.jobs.replaced({ ...job, revision: job.revision + 1 })],
  };
}

/** How much of its state a standby had read before its turn came, as the end of a sentence. */
async function handedOver(context: StepContext, { id, address, attempts }: StoredJob): Promise<string> {
  const { standby } = context.operation;
  if (standby === undefined || address === null || attempts.at(-1)?.taskArn !== standby.taskArn) return '';
  const view = await viewOfStandby(context, { jobId: id, address });
  if (view?.lost !== undefined) return `; what its worker had read in advance was lost: ${view.lost}`;
  if (view?.handOver === undefined) return '';
  const { bytesAhead, bytesRead } = view.handOver;
  return `; ${megabytes(bytesAhead)} of ${megabytes(bytesAhead + bytesRead)} MB of its state were there already`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

async function jobFailed(context: StepContext, live: LiveJob, state: string): Promise<Problem> {
  const reason = (await firstException(context, live)) ?? `it is ${state}`;
  return new Problem(
    'job-failed',
    `Cannot ${context.operation.kind} deployment "${context.deployment.name}": job ${live.job.number} failed: ${reason}`,
  );
}

/** First line of the newest exception in the job's history. */
export async function firstException({ platform }: StepContext, live: LiveJob): Promise<string | undefined> {
  const target = await reachable(platform, live);
  if (target === undefined) return undefined;
  const { status, body } = await ask(platform, live, {
    method: 'GET',
    path: `/jobs/${live.job.id}/exceptions`,
  });
  const exceptions = status === 200 ? Exceptions.safeParse(body).data : undefined;
  return exceptions?.exceptionHistory.entries[0]?.stacktrace?.split('\n', 1)[0];
}

/** A task that ended before its job ran: another attempt, or the end of the operation. */
async function afterStop(context: StepContext, live: LiveJob, task: TaskView): Promise<StepOutcome> {
  const { platform, deployment } = context;
  const recovery = await judgeStop(platform, live.job, task);
  if (recovery.kind === 'finished') return { message: recovery.reason };
  if (recovery.kind === 'failed') {
    throw new Problem(
      'job-failed',
      `Cannot ${context.operation.kind} deployment "${deployment.name}": ${recovery.reason}`,
    );
  }
  return replaceAttempt(context, live, recovery.reason);
}
