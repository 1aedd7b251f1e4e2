import type { Platform } from '../middleware/platform.ts';
import { savepointEvent } from '../steps/savepoint-context.ts';
import type { Due } from '../stores/due.ts';

/** Gives up an import that has not ended within a day, with all that was uploaded for it. */
export async function failImport(platform: Platform, { deploymentId, id }: Due): Promise<boolean> {
  const { stores } = platform;
  const savepoint = await stores.savepoints.get(deploymentId, id);
  if (savepoint?.state !== 'started') return true;
  const message = `The import of savepoint ${id} was given up: it was not completed within a day.`;
  const failure = { message, reason: 'import-abandoned', at: platform.now().toISOString() };
  await stores.commit([
    stores.savepoints.changed({ ...savepoint, state: 'failed', failure }),
    savepointEvent(platform, savepoint, {
      name: 'savepoint-failed',
      severity: 'warning',
      message,
      actor: 'system:housekeeping',
    }),
  ]);
  await stores.jobFiles.disposeOf(savepoint.location);
  return true;
}
