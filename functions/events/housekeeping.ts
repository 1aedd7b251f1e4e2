/** The function `housekeeping`: does, every minute, what its time has come for. */
import { Problem } from '#contract/problems.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { platform } from '../middleware/platform.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Due } from '../stores/due.ts';
import { purgeDeployment } from '../savepoints/purge-deployment.ts';
import { endDeployment } from './end-deployment.ts';
import { failImport } from './fail-import.ts';
import { pruneAllVersions } from './prune-all-versions.ts';
import { purgeDueSavepoint } from './purge-due-savepoint.ts';
import { retainSavepoints } from './retain-savepoints.ts';
import { scheduleSavepoints } from './schedule-savepoints.ts';
import { sweepBundlesHourly } from './sweep-bundles.ts';
import { trimCaptures } from './trim-captures.ts';

const AT_ONCE = 500;
// Lambda ends the function ten seconds later.
const PATIENCE_MS = 45_000;

export async function handler(): Promise<{ readonly done: number }> {
  return housekeeping(platform());
}

/** Answers how many of the things that were due are done. */
export async function housekeeping(platform: Platform): Promise<{ readonly done: number }> {
  const now = platform.now();
  const deadlineMs = now.getTime() + PATIENCE_MS;
  await apart('schedule', () => scheduleSavepoints(platform));
  const due = await platform.stores.due.until(now.toISOString(), AT_ONCE);
  let done = 0;
  for (const one of due) {
    if (platform.now().getTime() > deadlineMs) break;
    await apart(one.kind, async () => {
      if (!(await perform(platform, one, deadlineMs))) return;
      await platform.stores.commit([platform.stores.due.removed(one)]);
      done += 1;
    });
  }
  await apart('captures', () => trimCaptures(platform, now));
  await apart('versions', () => pruneAllVersions(platform, now));
  await apart('bundles', () => sweepBundlesHourly(platform, now));
  return { done };
}

/** False: it is looked at again in a minute. */
async function perform(platform: Platform, due: Due, deadlineMs: number): Promise<boolean> {
  switch (due.kind) {
    case 'purge-savepoint':
      return purgeDueSavepoint(platform, due);
    case 'fail-import':
      return failImport(platform, due);
    case 'retain-savepoints':
      return retainSavepoints(platform, due);
    case 'end-deployment':
      return endDeployment(platform, due);
    case 'purge-deployment':
      return (await purgeDeployment(platform, due, deadlineMs)) === 'done';
  }
}

/** One thing that fails keeps none of the others from being done; it is looked at again in a minute. */
async function apart(kind: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Problem) {
      logger.info('Housekeeping was put off', { kind, reason: error.message });
      return;
    }
    logger.error('Housekeeping failed', { kind, runbook: 'housekeeping-failed', ...errorFields(error) });
  }
}
