import { ask, liveJob } from './live-task.ts';
import type { Step } from './step.ts';

/** Asks the job to cancel. It may be gone or deaf: its task is stopped next in any case. */
export const cancelJob: Step = async (context) => {
  const live = liveJob(context.job);
  if (live === undefined) return { message: 'There is no live job.', isSkipped: true };
  const path = `/jobs/${live.job.id}?mode=cancel`;
  const { status } = await ask(context.platform, live, { method: 'PATCH', path, body: {} });
  return {
    message:
      status === 202
        ? `Job ${live.job.number} was canceled.`
        : `Job ${live.job.number} did not answer; its task is stopped without it.`,
  };
};
