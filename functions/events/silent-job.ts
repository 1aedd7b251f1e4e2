/** A job that does not answer although its task runs: noted, and replaced when it stays silent. */
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { examineJob, unattendedJob } from './examine-job.ts';

/** A job by its deployment and its number. */
interface JobPlace {
  readonly deploymentId: string;
  readonly jobNumber: number;
}

/** Whether the job's REST API answers, whatever it says; undefined when it could not be asked. */
export async function probeJob({ jobs }: Platform, job: StoredJob): Promise<boolean | undefined> {
  if (job.address === null) return undefined;
  try {
    const target = { jobId: job.id, address: job.address };
    const [answer] = await jobs.call(target, [{ method: 'GET', path: '/overview' }]);
    return answer !== undefined && answer.status !== 0;
  } catch (error) {
    // A gateway that fails says nothing about the job, and must not make every job start again.
    logger.warn('A job could not be asked whether it lives', { jobId: job.id, ...errorFields(error) });
    return undefined;
  }
}

/** Remembers until the next sweep since when a job is silent; null: it answers again. */
export async function noteSilence(
  platform: Platform,
  place: JobPlace,
  silentSince: string | null,
): Promise<void> {
  const job = await platform.stores.jobs.get(place.deploymentId, place.jobNumber);
  if (job === undefined) return;
  try {
    await platform.stores.commit([
      platform.stores.jobs.replaced({ ...job, silentSince, revision: job.revision + 1 }),
    ]);
  } catch (error) {
    // An operation has begun and looks after the job.
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/**
 * Stops the task of a silent job and begins a new attempt.
 *
 * A process that is only frozen may thaw before it is killed: the epoch of the new attempt keeps it from committing
 * anything by then.
 */
export async function replaceSilentJob(platform: Platform, place: JobPlace): Promise<void> {
  const live = (await unattendedJob(platform, place))?.live;
  const arn = live?.attempt.taskArn ?? null;
  if (live === undefined || arn === null) return;
  const reason = `stopped because its job has not answered since ${live.job.silentSince}`;
  await platform.tasks.stop(arn, reason);
  await examineJob(platform, place, { arn, exitCode: null, reason, isInfrastructure: false });
}
