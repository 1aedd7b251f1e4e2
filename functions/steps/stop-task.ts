import { attemptToEnd } from './live-task.ts';
import type { Step } from './step.ts';

/** Stops the task of the newest attempt. */
export const stopTaskStep: Step = async (context) => {
  const { platform, operation } = context;
  const arn = attemptToEnd(context)?.taskArn ?? null;
  if (arn === null) return { message: 'There is no task.', isSkipped: true };
  await platform.tasks.stop(arn, `${operation.kind} ${operation.id}`);
  return { message: `Task ${arn.split('/').at(-1)} was told to stop.` };
};
