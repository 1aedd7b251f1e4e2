/** Collection of what no savepoint and no checkpoint of a deployment refers to any more, while no job of it is alive. */
import { bucketKeys } from '#contract/names.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { collectGarbage } from '#engine/index.ts';
import type { CheckpointStorage } from '#engine/index.ts';
import type { Platform } from '../middleware/platform.ts';
import { liveJob } from '../steps/live-task.ts';
import { removeUnrecorded } from './remove-unrecorded.ts';

/**
 * Does nothing while a job is alive or an operation is under way: the job that comes of it collects by itself. Of a
 * deployment that was removed it collects too: copies of its savepoints may have kept what goes now.
 */
export async function collectAtRest(
  { stores, now }: Platform,
  { id, namespace, name }: Pick<Deployment, 'id' | 'namespace' | 'name'>,
): Promise<void> {
  const prefix = bucketKeys.checkpoints(id);
  const { storage } = stores.savepointObjects;
  // Read before the deployment is: a start that is accepted after that claims another epoch, and the collection sees it.
  const head = await storage.get(`${prefix}/head.json`);
  const deployment = await stores.deployments.get(namespace, name);
  const job = await stores.jobs.latest(id);
  const isBusy = deployment?.id === id && deployment.status.operationId !== null;
  if (isBusy || liveJob(job) !== undefined) return;
  await removeUnrecorded({ stores, now }, id);
  await collectGarbage(withFirst(storage, `${prefix}/head.json`, head), prefix, {
    nowMs: now().getTime(),
    list: (keys) => stores.savepointObjects.writes(keys),
  });
}

/** The storage, with an object at its first read as it was found before. */
function withFirst(
  storage: CheckpointStorage,
  key: string,
  found: Awaited<ReturnType<CheckpointStorage['get']>>,
): CheckpointStorage {
  let isFirst = true;
  return {
    ...storage,
    get: (asked) => {
      if (asked !== key || !isFirst) return storage.get(asked);
      isFirst = false;
      return Promise.resolve(found);
    },
  };
}
