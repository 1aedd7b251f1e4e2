import { bucketKeys } from '#contract/names.ts';
import { Savepoint } from '#contract/resources/savepoint.ts';
import { newSavepoint } from '../control/new-savepoint.ts';
import { flinkId } from '../control/trigger-id.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';

/** For how long its objects may be uploaded; then it counts as given up. */
const IMPORT_MS = 86_400_000;

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
  const giveUpAt = new Date(now().getTime() + IMPORT_MS).toISOString();
  const { namespace, deployment: name, deploymentId } = savepoint;
  const due = { at: giveUpAt, kind: 'fail-import', namespace, deployment: name, deploymentId, id } as const;
  await stores.commit([stores.savepoints.written(savepoint), stores.due.added(due)]);
  return { body: Savepoint.parse(savepoint) };
});
