/** The task that waits to be the next job of a deployment. */
import { workerEnvironment } from '#contract/names.ts';
import { STANDBY_ATTEMPT, startedBy } from '../control/observe.ts';
import type { JobCall } from '../gateway/call-job.ts';
import type { GatewayAnswer } from '../gateway/gateway.ts';
import { StandbyAnswer } from '../gateway/standby-answer.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { launchOf } from './launch-task.ts';
import type { StepContext } from './step.ts';

/** A standby whose REST API listens. */
export interface Standby {
  readonly jobId: string;
  readonly taskArn: string;
  readonly address: string;
}

/** Starts the standby of a job, and answers its ARN; a second call answers that of the first. */
export async function runStandby(context: StepContext, job: StoredJob): Promise<string> {
  const attempt = {
    number: 1,
    epoch: 0,
    taskArn: null,
    startedAt: context.at,
    endedAt: null,
    reason: null,
  };
  const launch = await launchOf(context.platform, { job, attempt });
  return context.platform.tasks.run({
    ...launch,
    startedBy: startedBy({
      deploymentId: job.deploymentId,
      jobNumber: job.number,
      attempt: STANDBY_ATTEMPT,
    }),
    clientToken: `${job.id}-standby`,
    environment: {
      ...launch.environment,
      [workerEnvironment.standby]: '1',
      // What it reads in advance has the names of the old program.
      [workerEnvironment.restore]: JSON.stringify({
        kind: 'latest-checkpoint',
        renames: job.spec.restoreTolerance.renames,
      }),
    },
  });
}

/** One call of its REST API; a status of 0 means that nobody answered. */
export async function askStandby(
  { platform }: Pick<StepContext, 'platform'>,
  { jobId, address }: Pick<Standby, 'jobId' | 'address'>,
  call: JobCall,
): Promise<GatewayAnswer> {
  const [answer] = await platform.jobs.call({ jobId, address }, [call]);
  return answer ?? { status: 0, body: 'the gateway gave no answer' };
}

/** How far it is, and how it has begun; undefined where it does not tell. */
export async function viewOfStandby(
  context: Pick<StepContext, 'platform'>,
  standby: Pick<Standby, 'jobId' | 'address'>,
): Promise<StandbyAnswer | undefined> {
  const { status, body } = await askStandby(context, standby, { method: 'GET', path: '/headwater/standby' });
  return status === 200 ? StandbyAnswer.parse(body) : undefined;
}

/** It holds no epoch, so one that cannot be stopped now does no harm, and the sweep stops it later. */
export async function stopStandby({ platform }: StepContext, taskArn: string, reason: string): Promise<void> {
  try {
    await platform.tasks.stop(taskArn, reason);
  } catch (error) {
    logger.warn('A standby was not stopped; the sweep will stop it', errorFields(error));
  }
}
