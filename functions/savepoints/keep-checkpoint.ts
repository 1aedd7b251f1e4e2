/** The newest checkpoint of a job, kept as a savepoint before nobody refers to it any more. */
import { bucketKeys } from '#contract/names.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { isNewerThanSavepoints } from '../control/choose-restore.ts';
import { newSavepoint } from '../control/new-savepoint.ts';
import { flinkId } from '../control/trigger-id.ts';
import type { Write } from '../stores/database.ts';
import { stateBytesOf } from '../stores/savepoint-size.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import type { EndContext } from '../operations/end-job.ts';
import { fenceFor } from '../steps/fence.ts';
import { observeCheckpoint } from '../operations/observe-situation.ts';
import { retentionDue } from './retention-due.ts';
import type { StepContext } from '../steps/step.ts';

/** Whose checkpoint is kept, and as which savepoint. */
export interface Keeping {
  readonly deployment: Deployment;
  /** The newest job of the deployment. */
  readonly job: StoredJob | undefined;
  readonly savepointId: string;
  readonly actor: string;
}

/**
 * Keeps the checkpoint that the head names, where no savepoint is as new; the answer records it.
 *
 * Contract: called when no job of the deployment is to run any more. The epoch is raised first, so that a process
 * which has only been frozen deletes nothing of what is kept here. Without a record, what a crash leaves is collected
 * with the savepoints that came to no end.
 */
export async function keepCheckpoint(context: EndContext, keeping: Keeping): Promise<Write[]> {
  const { platform } = context;
  const { deployment, job } = keeping;
  const isWorthKeeping = await isNewest(context, deployment);
  if (job === undefined || !isWorthKeeping) return [];
  const { checkpointId } = await fenceFor(platform, deployment.id, job.id);
  return checkpointId === null ? [] : recordHead(context, keeping);
}

/** The same for the job of an operation that ends it. */
export function keepLast(context: StepContext): Promise<Write[]> {
  const { deployment, job, operation } = context;
  return keepCheckpoint(context, {
    deployment,
    job,
    savepointId: operation.id,
    actor: operation.actor,
  });
}

/** Copies the manifest that the head names; what it refers to stays where it is. */
export async function recordHead(context: EndContext, keeping: Keeping): Promise<Write[]> {
  const { stores } = context.platform;
  const { deployment, savepointId } = keeping;
  const head = await stores.heads.read(deployment.id);
  const checkpoint = await observeCheckpoint(context.platform, head?.head.checkpoint);
  if (checkpoint === undefined) return [];
  const found = await stores.savepointObjects.storage.get(stores.jobFiles.keyOf(checkpoint.location));
  if (found === undefined) return [];
  const folder = bucketKeys.savepoint(deployment.id, savepointId);
  await stores.savepointObjects.storage.put(`${folder}/manifest.json`, found.bytes);
  return recordKept(context, keeping, checkpoint.atMs);
}

/** The record of a manifest that was copied, by this run of a step or by one before it; nothing where there is none. */
export async function recordKept(context: EndContext, keeping: Keeping, atMs?: number): Promise<Write[]> {
  const { stores } = context.platform;
  const { deployment, savepointId, actor } = keeping;
  const folder = bucketKeys.savepoint(deployment.id, savepointId);
  const manifest = await stores.savepointObjects.storage.get(`${folder}/manifest.json`);
  if (manifest === undefined) return [];
  const text = new TextDecoder().decode(manifest.bytes);
  const { jobId, checkpointId, completedAt } = factsOf(text);
  const job = jobId === keeping.job?.id ? keeping.job : await jobOf(context, deployment, jobId);
  const savepoint: StoredSavepoint = {
    ...newSavepoint({
      id: savepointId,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
      jobId: jobId ?? keeping.job?.id ?? '',
      jobNumber: job?.number ?? keeping.job?.number ?? null,
      version: job?.spec.version ?? keeping.job?.spec.version ?? deployment.spec.version,
      specRevision: job?.specRevision ?? keeping.job?.specRevision ?? null,
      origin: 'retained-checkpoint',
      description: checkpointId === undefined ? '' : `Checkpoint ${checkpointId}`,
      location: stores.jobFiles.address(folder),
      createdAt: context.at,
      createdBy: actor,
    }),
    state: 'completed',
    sizeBytes: stateBytesOf(text) ?? manifest.bytes.length,
    completedAt: atMs === undefined ? (completedAt ?? context.at) : new Date(atMs).toISOString(),
    triggerId: flinkId(savepointId),
    tries: 1,
    revision: 1,
    isPurging: false,
  };
  return [
    stores.savepoints.written(savepoint),
    stores.due.added(retentionDue(savepoint, context.at)),
    context.event({
      name: 'checkpoint-kept',
      message: `The newest checkpoint of job ${savepoint.jobNumber ?? 'before'} was kept as savepoint ${savepointId}.`,
      jobId: savepoint.jobId === '' ? null : savepoint.jobId,
    }),
  ];
}

async function isNewest({ platform }: EndContext, { id }: Deployment): Promise<boolean> {
  const [head, savepoints] = await Promise.all([
    platform.stores.heads.read(id),
    platform.stores.savepoints.completed(id),
  ]);
  const checkpoint = await observeCheckpoint(platform, head?.head.checkpoint);
  return checkpoint !== undefined && isNewerThanSavepoints(checkpoint, savepoints);
}

async function jobOf(
  { platform }: EndContext,
  { id }: Deployment,
  jobId: string | undefined,
): Promise<Pick<StoredJob, 'number' | 'spec' | 'specRevision'> | undefined> {
  const { items } = await platform.stores.jobs.list(id, { limit: 50 });
  return items.find((job) => job.id === jobId);
}

/** Whatever else a manifest holds is the engine's matter. */
function factsOf(text: string): { jobId?: string; checkpointId?: number; completedAt?: string } {
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== 'object' || manifest === null) return {};
  const { jobId, checkpointId, completedAt } = manifest as Record<string, unknown>; // Looked at one by one.
  return {
    ...(typeof jobId === 'string' ? { jobId } : {}),
    ...(typeof checkpointId === 'number' ? { checkpointId } : {}),
    ...(typeof completedAt === 'string' ? { completedAt } : {}),
  };
}
