/** What stands against the removal of a savepoint. */
import { Problem } from '#contract/problems.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { endedOperationStates } from '#contract/resources/operation.ts';
import { neededBy } from '../control/savepoint-needs.ts';
import type { SavepointNeeds } from '../control/savepoint-needs.ts';
import type { Platform } from '../middleware/platform.ts';
import type { SavepointCopy } from '../stores/savepoint-copies.ts';
import { liveJob } from '../steps/live-task.ts';
import { ownerOf } from './savepoint-owner.ts';

/** Throws `savepoint-held` or `savepoint-in-use`, which name who needs it. */
export async function refuseWhileNeeded(platform: Platform, savepoint: Savepoint): Promise<void> {
  refuseWhileHeld(savepoint);
  const reason = neededBy(await needsOf(platform, savepoint));
  if (reason === undefined) return;
  throw new Problem('savepoint-in-use', `Cannot delete savepoint ${savepoint.id}: ${reason}`);
}

/** Throws `savepoint-held`. */
export function refuseWhileHeld({ id, hold }: Savepoint): void {
  if (hold === null) return;
  const { by, at, reason } = hold;
  throw new Problem(
    'savepoint-held',
    `Cannot delete savepoint ${id}: ${by} holds it since ${at} ("${reason}"); release it first`,
  );
}

async function needsOf(platform: Platform, savepoint: Savepoint): Promise<SavepointNeeds> {
  const { stores } = platform;
  const { namespace, deployment: name, deploymentId } = savepoint;
  const deployment = await stores.deployments.get(namespace, name);
  const isTheirs = deployment?.id === deploymentId;
  const ids = isTheirs ? [deployment.status.operationId, ...deployment.status.queue] : [];
  const operations = await Promise.all(ids.flatMap((id) => (id === null ? [] : [stores.operations.get(id)])));
  const job = liveJob(await stores.jobs.latest(deploymentId))?.job;
  const head = job === undefined ? undefined : await stores.heads.read(deploymentId);
  return {
    savepoint,
    operations: operations.flatMap((operation) => operation ?? []),
    job,
    // The claim of a job that begins from a savepoint leaves no checkpoint in the head: one that is there is its own.
    hasOwnCheckpoint: head?.head.checkpoint !== undefined,
    waiting: await waitingFor(platform, savepoint),
  };
}

/** Copies that were asked for and not yet made; one whose operation has ended never will be. */
async function waitingFor({ stores }: Platform, savepoint: Savepoint): Promise<SavepointCopy[]> {
  const copies = await stores.savepointCopies.of(ownerOf(stores, savepoint));
  const open = copies.filter(({ source, folder }) => source.savepointId === savepoint.id && folder === null);
  const waiting = await Promise.all(
    open.map(async (copy) => {
      const operation = await stores.operations.get(copy.operationId);
      const hasEnded = operation === undefined || endedOperationStates.includes(operation.state);
      return hasEnded ? [] : [copy];
    }),
  );
  return waiting.flat();
}
