import { isAutomatic } from '../control/retention.ts';
import type { Write } from '../stores/database.ts';
import type { SavepointFiles } from '../stores/job-files.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { retentionDue } from '../savepoints/retention-due.ts';
import type { StepContext } from './step.ts';

/** Writes down that all of a savepoint lies in the bucket. */
export function completeSavepoint(
  { platform, event }: Pick<StepContext, 'platform' | 'event'>,
  savepoint: StoredSavepoint,
  { location, sizeBytes, completedAt }: SavepointFiles,
): Write[] {
  const completed: StoredSavepoint = {
    ...savepoint,
    state: 'completed',
    location,
    sizeBytes,
    completedAt: completedAt.toISOString(),
  };
  const { stores } = platform;
  return [
    stores.savepoints.written(completed),
    ...(isAutomatic(savepoint)
      ? [stores.due.added(retentionDue(completed, platform.now().toISOString()))]
      : []),
    event({
      name: 'savepoint-completed',
      message: `Savepoint ${savepoint.id} of job ${savepoint.jobNumber} is complete.`,
      jobId: savepoint.jobId,
    }),
  ];
}
