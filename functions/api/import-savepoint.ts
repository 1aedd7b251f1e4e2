import { bucketKeys } from '#contract/names.ts';
import { Savepoint } from '#contract/resources/savepoint.ts';
import { newSavepoint } from '../control/new-savepoint.ts';
import { flinkId } from '../control/trigger-id.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../steps/request-verb.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';

export const importSavepoint = handler('importSavepoint', async ({ platform, params, body, access }) => {
  const { stores, now, newId } = platform;
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const id = newId();
  const savepoint: StoredSavepoint = {
    ...newSavepoint({
      id,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
      // Of the job that it was taken of: its manifest will tell.
      jobId: '',
      jobNumber: null,
      version: deployment.spec.version,
      origin: 'imported',
      description: body.description,
      location: stores.jobFiles.address(bucketKeys.savepoint(deployment.id, id)),
      createdAt: now().toISOString(),
      createdBy: access.actor,
    }),
    triggerId: flinkId(id),
    tries: 1,
    revision: 1,
    isPurging: false,
  };
  await stores.commit([stores.savepoints.written(savepoint)]);
  return { body: Savepoint.parse(savepoint) };
});
