/** What the beginning of a job means for the savepoints of its deployment. */
import { bucketKeys } from '#contract/names.ts';
import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { isNewerThanSavepoints } from '../control/choose-restore.ts';
import type { RetainedCheckpoint } from '../control/choose-restore.ts';
import type { Write } from '../stores/database.ts';
import { recordKept } from '../savepoints/keep-checkpoint.ts';
import { RetryableError } from './retryable-error.ts';
import type { StepContext } from './step.ts';

/**
 * Which state the job begins from: a fork begins from its copy, a job that takes the place of another from the savepoint
 * that ended that one unless another state was accepted, everything else from what was accepted.
 */
export function strategyOf({ operation, deployment }: StepContext): RestoreStrategy {
  const { kind, savepointId, request, replacement } = operation;
  if (kind === 'fork' && savepointId !== null) return { kind: 'savepoint', savepointId };
  if (replacement !== null && request.restoreStrategy === null && savepointId !== null)
    return { kind: 'savepoint', savepointId };
  return request.restoreStrategy ?? (replacement ?? deployment).spec.restoreStrategy;
}

/**
 * Keeps the checkpoint that the head will not name any more, where no savepoint holds what it holds.
 *
 * Contract: called before the head is swapped. A swap that succeeds shows that the checkpoint was whole until then, and
 * its copy holds it from then on; after one that fails it is copied anew.
 */
export async function keepBeside(
  { platform, deployment, operation }: StepContext,
  checkpoint: RetainedCheckpoint | undefined,
  { chosen, savepoints }: { readonly chosen: RestoredFrom; readonly savepoints: readonly Savepoint[] },
): Promise<void> {
  if (checkpoint === undefined || chosen.kind === 'checkpoint') return;
  if (!isNewerThanSavepoints(checkpoint, savepoints)) return;
  const { storage } = platform.stores.savepointObjects;
  const found = await storage.get(platform.stores.jobFiles.keyOf(checkpoint.location));
  const folder = bucketKeys.savepoint(deployment.id, operation.id);
  if (found !== undefined) await storage.put(`${folder}/manifest.json`, found.bytes);
}

/**
 * Writes that belong to a new job: the savepoint that it begins from is changed with it, so that nobody removes it at the
 * same moment; and the checkpoint that was kept beside it is recorded.
 */
export async function beginningWrites(context: StepContext, from: RestoredFrom): Promise<Write[]> {
  const { platform, deployment, operation, job } = context;
  const kept = await recordKept(context, {
    deployment,
    job,
    savepointId: operation.id,
    actor: operation.actor,
  });
  if (from.kind !== 'savepoint') return kept;
  const savepoint = await platform.stores.savepoints.get(deployment.id, from.savepointId);
  if (savepoint?.state !== 'completed')
    throw new RetryableError(`Savepoint ${from.savepointId} was deleted while the job was about to begin`);
  return [...kept, platform.stores.savepoints.changed(savepoint)];
}
