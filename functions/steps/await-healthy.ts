import { Problem } from '#contract/problems.ts';
import type { UpgradeGate } from '#contract/resources/upgrade.ts';
import { judgeGate, seenAfter } from '../control/judge-gate.ts';
import type { GateJudgement, GateLook, GateSeen } from '../control/judge-gate.ts';
import { jobProgress } from '../control/job-figures.ts';
import type { JobFigures } from '../control/job-figures.ts';
import { metricsView } from '../control/metrics-view.ts';
import { flinkId } from '../control/trigger-id.ts';
import { readFigures } from '../gateway/read-figures.ts';
import { invariant } from '../middleware/invariant.ts';
import { firstException } from './await-running.ts';
import { judgeStop } from './judge-stop.ts';
import { ask, liveJob, reachable, taskOf } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import { poll } from './poll.ts';
import { replaceAttempt, startClaimed } from './replace-attempt.ts';
import type { Step, StepContext, StepOutcome } from './step.ts';

/** Waits until the new job has shown what its gate asks for; a job that cannot show it any more fails the operation. */
export const awaitHealthy: Step = async (context) => {
  const live = liveJob(context.job);
  invariant(live !== undefined, 'the new job was claimed before its gate');
  const gate = gateOf(context);
  // A try before this one claimed another attempt and could not start its task.
  if (live.attempt.taskArn === null) await startClaimed(context, live.job);
  let seen = context.operation.gateSeen;
  return poll(context.platform, 'the gate to be passed', async () => {
    const task = await taskOf(context.platform, live.attempt);
    if (task === undefined || task.status === 'stopped') return afterStop(context, live, task);
    const look = await lookAt(context, live, seen);
    if (look === 'finished')
      return passed(context, live, `Job ${live.job.number} has read all its input and finished.`);
    if (gate.checkpoint && look.isUp && !look.seen.triggered)
      look.seen = await triggered(context, live, look.seen);
    if (look.seen !== seen) await context.save({ gateSeen: look.seen }, []);
    ({ seen } = look);
    return outcomeOf(context, live, judgeGate(gate, look));
  });
};

function gateOf({ operation, deployment }: StepContext): UpgradeGate {
  const { replacement } = operation;
  return replacement?.gate ?? (replacement?.spec ?? deployment.spec).upgradeStrategy.gate;
}

type Look = { -readonly [Part in keyof GateLook]: GateLook[Part] };

async function lookAt(
  context: StepContext,
  live: LiveJob,
  before: GateSeen | null,
): Promise<Look | 'finished'> {
  const { platform } = context;
  const now = platform.now();
  const target = await reachable(platform, live);
  const figures = target === undefined ? 'it has no address' : await readFigures(platform, target);
  if (typeof figures !== 'string') {
    if (figures.detail.state === 'FINISHED') return 'finished';
    if (jobProgress(figures.detail) === 'ended') throw await jobEnded(context, live, figures);
  }
  const metrics = typeof figures === 'string' ? undefined : metricsView(now.toISOString(), figures);
  const isUp = typeof figures !== 'string' && jobProgress(figures.detail) === 'up';
  const seen = seenAfter(before, {
    at: now.toISOString(),
    // Who does not answer has told nothing new.
    restarts: metrics?.restarts ?? before?.restarts ?? 0,
    attempts: live.attempt.number,
    isUp,
  });
  const hasCheckpoint = await hasOwnCheckpoint(context, live);
  return { nowMs: now.getTime(), begunMs: begunMs(context), isUp, seen, hasCheckpoint, metrics };
}

function begunMs({ operation, step, at }: StepContext): number {
  return Date.parse(operation.steps.find(({ name }) => name === step.step)?.startedAt ?? at);
}

/** The head keeps the checkpoint that a job began from until its own first one. */
async function hasOwnCheckpoint({ platform }: StepContext, { job }: LiveJob): Promise<boolean> {
  const found = await platform.stores.heads.read(job.deploymentId);
  const checkpoint = found?.head.checkpoint;
  if (found?.head.jobId !== job.id || checkpoint === undefined) return false;
  const from = job.restoredFrom;
  return from.kind !== 'checkpoint' || checkpoint.id !== from.checkpointId;
}

/** Asks for a checkpoint now. A job that cannot take one on demand takes the next periodic one. */
async function triggered(context: StepContext, live: LiveJob, seen: GateSeen): Promise<GateSeen> {
  const path = `/jobs/${live.job.id}/checkpoints`;
  const body = { triggerId: flinkId(context.operation.id) };
  const { status } = await ask(context.platform, live, { method: 'POST', path, body });
  return status === 0 ? seen : { ...seen, triggered: true };
}

function outcomeOf(context: StepContext, live: LiveJob, judgement: GateJudgement): StepOutcome | undefined {
  switch (judgement.kind) {
    case 'waiting':
      return undefined;
    case 'passed':
      return passed(context, live, judgement.reason);
    case 'missed':
      throw gateMissed(context, live, judgement.reason);
  }
}

function passed(context: StepContext, { job }: LiveJob, message: string): StepOutcome {
  return {
    message,
    writes: [context.event({ name: 'upgrade-gate-passed', message, jobId: job.id })],
  };
}

function gateMissed({ operation, deployment }: StepContext, { job }: LiveJob, reason: string): Problem {
  return new Problem(
    'gate-missed',
    `Cannot ${operation.kind} deployment "${deployment.name}": job ${job.number} of version ${job.spec.version} missed its gate: ${reason}`,
  );
}

async function jobEnded(context: StepContext, live: LiveJob, { detail }: JobFigures): Promise<Problem> {
  const cause = (await firstException(context, live)) ?? 'it gave no reason';
  return gateMissed(context, live, `it is ${detail.state}: ${cause}`);
}

/** A lost task gets a successor as at any other time; a job that has failed for good misses the gate. */
async function afterStop(
  context: StepContext,
  live: LiveJob,
  task: Awaited<ReturnType<typeof taskOf>>,
): Promise<StepOutcome> {
  const recovery = await judgeStop(context.platform, live.job, task);
  if (recovery.kind === 'finished') return passed(context, live, recovery.reason);
  if (recovery.kind === 'failed') throw gateMissed(context, live, recovery.reason);
  return replaceAttempt(context, live, recovery.reason);
}
