/** The function `task-changed`: a task of ours has stopped. */
import * as z from 'zod';
import { ownerOf } from '../control/observe.ts';
import { logger } from '../middleware/logging.ts';
import { platform } from '../middleware/platform.ts';
import { taskView } from '../steps/tasks.ts';
import { examineJob } from './examine-job.ts';

/** EventBridge's "ECS Task State Change", as far as it is read. */
const TaskChanged = z.object({
  detail: z.object({
    taskArn: z.string(),
    startedBy: z.string().default(''),
    lastStatus: z.string(),
    stoppedReason: z.string().optional(),
    containers: z
      .array(
        z.object({
          name: z.string().default(''),
          exitCode: z.int().optional(),
          reason: z.string().optional(),
        }),
      )
      .default([]),
  }),
});

export async function handler(event: unknown): Promise<{ readonly outcome: string }> {
  const { detail } = TaskChanged.parse(event);
  const owner = ownerOf(detail.startedBy);
  if (owner === undefined || detail.lastStatus !== 'STOPPED') return { outcome: 'ignored' };
  const { containers, stoppedReason, ...task } = detail;
  const view = taskView({
    ...task,
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    containers: containers.map(({ name, exitCode, reason }) => ({
      name,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(reason === undefined ? {} : { reason }),
    })),
  });
  const outcome = await examineJob(platform(), owner, view);
  logger.info('A stopped task was examined', { ...owner, taskArn: view.arn, outcome });
  return { outcome };
}
