/** A job that does not answer although its task runs: noted, and replaced when it stays silent. */
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import { examineJob, unattendedJob } from './examine-job.ts';

/** A job by its deployment and its number. */
interface JobPlace {
  readonly deploymentId: string;
  readonly jobNumber: number;
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
