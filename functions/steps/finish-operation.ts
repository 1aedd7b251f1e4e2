import { endedJobStates } from '#contract/resources/job.ts';
import { nextStatus } from '../control/next-status.ts';
import { deploymentSentence } from '../control/state-sentences.ts';
import { endJob } from '../operations/end-job.ts';
import { UPGRADE_ACTOR } from '../operations/follow-with-rollback.ts';
import { keepLast } from '../savepoints/keep-checkpoint.ts';
import { settle } from '../operations/settle.ts';
import type { Step, StepContext } from './step.ts';
import type { Write } from '../stores/database.ts';

/** States what the deployment is now. Only here it becomes running, suspended or cancelled. */
export const finishOperation: Step = async (context) => {
  const { operation, at } = context;
  const next = nextStatus({
    kind: operation.kind,
    succeeded: true,
    isTaskAlive: false,
    isSavepointComplete: true,
    before: operation.before,
  });
  return {
    message: deploymentSentence(next.state),
    change: { state: 'succeeded', endedAt: at },
    writes: [
      ...(await jobWrites(context, next.jobState)),
      ...settle(context, next, { message: null }),
      ...rolledBack(context),
      context.event({
        name: 'operation-succeeded',
        message: `Operation ${operation.kind} succeeded.`,
        jobId: operation.jobId,
      }),
    ],
  };
};

/** Of a rollback that nobody asked for: what it means for the upgrade before it. */
function rolledBack(context: StepContext): Write[] {
  const { operation, job } = context;
  if (operation.kind !== 'rollback' || operation.actor !== UPGRADE_ACTOR) return [];
  const message = `The upgrade was undone: job ${job?.number} runs version ${job?.spec.version} again. ${operation.request.description}`;
  return [
    context.event({ name: 'upgrade-rolled-back', severity: 'warning', message, jobId: operation.jobId }),
  ];
}

async function jobWrites(
  context: StepContext,
  state: ReturnType<typeof nextStatus>['jobState'],
): Promise<Write[]> {
  const { job, platform, at } = context;
  if (job === undefined || state === null || endedJobStates.includes(job.state)) return [];
  if (state !== 'running') {
    // Every other verb that ends a job has taken a savepoint before, or drained it.
    const kept = context.operation.kind === 'cancel' ? await keepLast(context) : [];
    return [
      ...kept,
      ...(await endJob(context, job, { state, reason: `It was ended by ${context.operation.kind}` })),
    ];
  }
  const running = { ...job, state, startedAt: job.startedAt ?? at, revision: job.revision + 1 };
  const attempt = job.attempts.at(-1)?.number ?? 1;
  return [
    platform.stores.jobs.replaced(running),
    context.event({
      name: 'job-running',
      message: `Job ${job.number} runs, attempt ${attempt}.`,
      jobId: job.id,
    }),
  ];
}
