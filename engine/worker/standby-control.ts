import { keyOfLocation } from '../rest/savepoint-location.ts';
import type { StandbyControl } from '../rest/rest-context.ts';
import { RestError } from '../rest/rest-error.ts';
import { Refusal } from '../runtime/coordinator/refusal.ts';
import type { Restore } from '../runtime/job-options.ts';
import type { StandbyJob } from '../runtime/standby/standby-job.ts';
import type { Log } from './log.ts';
import { restoreOf } from './settings.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** A standby as the control plane handles it, in requests. */
export function standbyControl(
  standby: StandbyJob,
  { bucket, log }: { readonly bucket: string; readonly log: Log },
): StandbyControl {
  return {
    view: () => standby.standby,
    preload: ({ location }) => {
      if (typeof location !== 'string' || location === '')
        throw new RestError(400, 'Cannot read state in advance: "location" must name a manifest');
      standby.preload(keyOfLocation(location, bucket));
    },
    begin: ({ epoch, restore }) => {
      if (typeof epoch !== 'number' || !Number.isSafeInteger(epoch) || epoch < 1)
        throw new RestError(400, 'Cannot begin: "epoch" must be a whole number from 1');
      answered(() => {
        standby.begin({ epoch, restore: restoreKey(restoreOf(restore, 'restore'), bucket) });
        const { preload, lost } = standby.standby;
        log('info', 'The standby began', { epoch, preload, lost });
      });
    },
  };
}

/** A savepoint is named to the world by its address; the engine knows keys. */
export function restoreKey(restore: Restore, bucket: string): Restore {
  return restore.kind === 'manifest'
    ? { ...restore, location: keyOfLocation(restore.location, bucket) }
    : restore;
}

function answered(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof WorkerRefusal) throw new RestError(400, error.message);
    if (error instanceof Refusal) throw new RestError(409, error.message);
    throw error;
  }
}
