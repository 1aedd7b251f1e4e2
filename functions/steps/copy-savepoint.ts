import { Problem } from '#contract/problems.ts';
import { bucketKeys } from '#contract/names.ts';
import { readManifest } from '#engine/index.ts';
import { newSavepoint } from '../control/new-savepoint.ts';
import { flinkId } from '../control/trigger-id.ts';
import { invariant } from '../middleware/invariant.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { ownerOf } from '../savepoints/savepoint-owner.ts';
import type { Step, StepContext } from './step.ts';

/**
 * Gives the fork a savepoint of its own that refers to the chunks of its parent, where the parent's own collections see
 * it: one manifest is written and nothing copied.
 *
 * Contract: the source is changed in the transaction that records the copy, so that it cannot have been removed before
 * the copy was there. What a crash leaves is a manifest without a record, which is collected a day later.
 */
export const copySavepoint: Step = async (context) => {
  const { operation, deployment, platform } = context;
  const { stores } = platform;
  const { parent } = deployment;
  if (operation.request.restoreStrategy?.kind === 'none')
    return { message: 'It begins with empty state.', isSkipped: true };
  invariant(
    parent?.savepointId !== undefined && parent.savepointId !== null,
    'a savepoint was chosen before',
  );
  const source = await stores.savepoints.get(parent.deploymentId, parent.savepointId);
  if (source?.state !== 'completed') throw sourceGone(context, parent.savepointId);
  const ownerId = ownerOf(stores, source);
  const folder = bucketKeys.savepoint(ownerId, operation.id);
  await writeManifest(platform, source, folder);
  const copy = copyOf(context, source, stores.jobFiles.address(folder));
  return {
    message: `It refers to savepoint ${source.id} of "${parent.deployment}"; nothing was copied.`,
    change: { savepointId: copy.id },
    writes: [
      stores.savepoints.changed(source),
      stores.savepoints.written(copy),
      stores.savepointCopies.written({
        ownerId,
        id: copy.id,
        source: { deploymentId: source.deploymentId, savepointId: source.id },
        namespace: deployment.namespace,
        deployment: deployment.name,
        deploymentId: deployment.id,
        operationId: operation.id,
        folder,
      }),
      context.event({ name: 'savepoint-completed', message: `Savepoint ${copy.id} was copied.` }),
    ],
  };
};

function copyOf(
  { operation, deployment, at }: StepContext,
  source: StoredSavepoint,
  location: string,
): StoredSavepoint {
  const { namespace, deployment: name, deploymentId } = source;
  return {
    ...newSavepoint({
      ...source,
      id: operation.id,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
      // Its jobs have numbers of their own.
      jobNumber: null,
      version: deployment.spec.version,
      specRevision: null,
      origin: 'copied',
      description: `Savepoint of "${name}" of ${source.completedAt ?? source.createdAt}`,
      location,
      createdAt: at,
      createdBy: operation.actor,
      copiedFrom: { namespace, deployment: name, deploymentId, savepointId: source.id },
      schedule: null,
    }),
    state: 'completed',
    sizeBytes: source.sizeBytes,
    completedAt: source.completedAt,
    triggerId: flinkId(operation.id),
    tries: 1,
    revision: 1,
    isPurging: false,
  };
}

/** With the full names of its chunks, since it lies elsewhere than the one that may name them from its own folder. */
async function writeManifest({ stores }: Platform, source: StoredSavepoint, folder: string): Promise<void> {
  const { storage } = stores.savepointObjects;
  const { manifest } = await readManifest(storage, stores.jobFiles.keyOf(source.location));
  const { selfContained: _itsOwn, ...named } = manifest;
  await storage.put(`${folder}/manifest.json`, new TextEncoder().encode(JSON.stringify(named)));
}

function sourceGone({ deployment }: StepContext, savepointId: string): Problem {
  return new Problem(
    'no-state-to-restore',
    `Cannot begin fork "${deployment.name}": savepoint ${savepointId} of its parent was deleted; fork it again from another one`,
  );
}
