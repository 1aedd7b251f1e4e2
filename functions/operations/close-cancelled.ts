import { endedJobStates } from '#contract/resources/job.ts';
import type { NextStatus } from '../control/next-status.ts';
import type { Write } from '../stores/database.ts';
import { endJob } from './end-job.ts';
import { liveJob, taskOf } from '../steps/live-task.ts';
import { saveOperation } from '../steps/open-context.ts';
import type { OpenContext } from '../steps/open-context.ts';
import { poll } from '../steps/poll.ts';
import { settle } from './settle.ts';
import { undoChange } from './undo-change.ts';

/** Ends an operation as if it had never begun: what it started is ended, and the deployment is as it was before. */
export async function closeCancelled(context: OpenContext): Promise<string> {
  const { operation, at } = context;
  const next = statusBefore(context);
  const message = `Operation ${operation.kind} was cancelled; the deployment is ${next.state} again.`;
  const writes = await jobWrites(context, next);
  const undone = undoChange(context, `The ${operation.kind} was cancelled.`);
  await saveOperation(
    context,
    {
      state: 'cancelled',
      endedAt: at,
      steps: operation.steps.map((step) =>
        step.state === 'pending' || step.state === 'running'
          ? { ...step, state: 'skipped', ...(step.startedAt === null ? {} : { endedAt: at }) }
          : step,
      ),
    },
    [
      ...writes,
      ...undone.writes,
      ...settle(context, next, {
        message: operation.kind === 'recover' ? 'Its recovery was cancelled.' : null,
        deployment: undone.deployment,
      }),
      context.event({ name: 'operation-cancelled', message, jobId: operation.jobId }),
    ],
  );
  return message;
}

function statusBefore({ operation, deployment }: OpenContext): NextStatus {
  // The job that should have been recovered is lost, and nobody else looks after it.
  if (operation.kind === 'recover') return { state: 'failed', desiredState: 'running', jobState: 'failed' };
  const { state, desiredState } = operation.before ?? {
    state: deployment.status.state,
    desiredState: deployment.spec.desiredState,
  };
  return { state, desiredState, jobState: null };
}

/** Only a job that the operation itself has begun ends with it; its process is gone before anybody says so. */
async function jobWrites(context: OpenContext, next: NextStatus): Promise<Write[]> {
  const { platform, operation, job } = context;
  const live = liveJob(job);
  if (live === undefined || endedJobStates.includes(live.job.state)) return [];
  const isOwn = live.job.claimedBy === operation.id;
  if (!isOwn && operation.kind !== 'recover') return [];
  if (live.attempt.taskArn !== null) {
    await platform.tasks.stop(live.attempt.taskArn, `operation ${operation.id} was cancelled`);
    await poll(platform, 'the task to stop', async () => {
      const task = await taskOf(platform, live.attempt);
      return task === undefined || task.status === 'stopped' ? true : undefined;
    });
  }
  return endJob(context, live.job, {
    state: next.jobState ?? 'terminated',
    reason: `Its ${operation.kind} was cancelled`,
  });
}
