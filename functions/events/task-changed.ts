/** The function `task-changed`: a task of ours has stopped. */
import * as z from 'zod';
import { WORKER_CONTAINER } from '#contract/names.ts';
import { ownerOf } from '../control/observe.ts';
import { logger } from '../middleware/logging.ts';
import { platform } from '../middleware/platform.ts';
import type { Platform } from '../middleware/platform.ts';
import { isInfrastructureStop } from '../steps/tasks.ts';
import { examineJob } from './examine-job.ts';

/** EventBridge's "ECS Task State Change", as far as it is read. */
const TaskChanged = z.object({
  detail: z.object({
    taskArn: z.string(),
    startedBy: z.string().default(''),
    lastStatus: z.string(),
    stoppedReason: z.string().optional(),
    stopCode: z.string().optional(),
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
  return taskChanged(platform(), event);
}

export async function taskChanged(platform: Platform, event: unknown): Promise<{ readonly outcome: string }> {
  const { detail } = TaskChanged.parse(event);
  const owner = ownerOf(detail.startedBy);
  if (owner === undefined || detail.lastStatus !== 'STOPPED') return { outcome: 'ignored' };
  const container = detail.containers.find(({ name }) => name === WORKER_CONTAINER) ?? detail.containers[0];
  const task = {
    arn: detail.taskArn,
    exitCode: container?.exitCode ?? null,
    reason: container?.reason ?? detail.stoppedReason ?? null,
    isInfrastructure: isInfrastructureStop(detail.stopCode),
  };
  const outcome = await examineJob(platform, owner, task);
  logger.info('A stopped task was examined', { ...owner, taskArn: task.arn, outcome });
  return { outcome };
}
