/** Loads what a decision about a deployment needs to know. */
import type { Deployment } from '#contract/resources/deployment.ts';
import type { RetainedCheckpoint } from '../control/choose-restore.ts';
import type { Situation } from '../control/decide-operation.ts';
import { driftOf, pendingSentence } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import type { HeadCheckpoint } from '../stores/head.ts';

export async function observeSituation(platform: Platform, deployment: Deployment): Promise<Situation> {
  const { stores } = platform;
  const { operationId, state, jobNumber } = deployment.status;
  const [savepoints, head, active, job] = await Promise.all([
    stores.savepoints.completed(deployment.id),
    stores.heads.read(deployment.id),
    operationId === null ? undefined : stores.operations.get(operationId),
    jobNumber === null ? undefined : stores.jobs.get(deployment.id, jobNumber),
  ]);
  const drift = job === undefined || state !== 'running' ? [] : driftOf(job.spec, deployment.spec);
  const warning = pendingSentence(drift);
  return {
    deployment,
    activeKind: active?.kind,
    candidates: { savepoints, checkpoint: await observeCheckpoint(platform, head?.head.checkpoint) },
    warnings: warning === undefined ? [] : [warning],
  };
}

/** A committed checkpoint, if its files are still in the bucket. */
export async function observeCheckpoint(
  { stores }: Platform,
  checkpoint: HeadCheckpoint | undefined,
): Promise<RetainedCheckpoint | undefined> {
  if (checkpoint === undefined) return undefined;
  const committedAt = await stores.heads.checkpointAt(checkpoint);
  if (committedAt === undefined) return undefined;
  return {
    id: checkpoint.id,
    location: stores.jobFiles.address(checkpoint.manifest),
    atMs: committedAt.getTime(),
  };
}
