import type { Savepoint } from '#contract/resources/savepoint.ts';
import { newEvent } from '../control/new-event.ts';
import type { Happening } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';

/** An entry about a savepoint for the log of its deployment. */
export function savepointEvent(
  { stores, now, newId }: Platform,
  { namespace, deployment, deploymentId, jobNumber, jobId }: Savepoint,
  { actor, ...happening }: Happening & { readonly actor: string },
): Write {
  const occasion = {
    id: newId(),
    at: now().toISOString(),
    actor,
    namespace,
    deployment,
    deploymentId,
  };
  return stores.events.appended(
    newEvent(occasion, { jobId: jobNumber === null ? null : jobId, ...happening }),
  );
}
