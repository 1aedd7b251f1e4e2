/** What must hold when faults have stopped, sweeps have run and time has passed. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { StoredJob } from '#functions/stores/jobs.ts';
import type { StoredOperation } from '#functions/stores/operations.ts';
import type { World } from './world.ts';

/** Looks at everything, and tells the judge what is not as it must be. */
export function judgeAtRest(world: World): void {
  const { judge } = world;
  for (const item of judge.items('operation')) {
    const { kind, state } = item as unknown as StoredOperation;
    if (!String(item['pk']).startsWith('operation#')) judge.violated('lost: a mark of an operation is left');
    else if (!['succeeded', 'failed', 'cancelled'].includes(state))
      judge.violated(`lost: ${kind} never ended and is ${state}`);
  }
  for (const item of judge.items('operation')) judgeUpgrade(world, item as unknown as StoredOperation);
  const marks = [...world.table.all()].filter(({ pk }) => pk === 'operations#active');
  if (marks.length > 0) judge.violated(`lost: ${marks.length} marks of operations under way are left`);
  for (const [key, id] of judge.acknowledged)
    if (judge.operation(id) === undefined) judge.violated(`lost: operation of key ${key} is gone`);
  // The stores write these types and nothing else.
  for (const item of judge.items('savepoint#')) judgeSavepoint(world, item as unknown as Savepoint);
  for (const item of judge.items('deployment#')) judgeDeployment(world, item as unknown as Deployment);
}

/** A failed upgrade that goes back by itself begins the old version from the savepoint that it took. */
function judgeUpgrade({ judge }: World, { kind, state, followedBy, savepointId }: StoredOperation): void {
  const back = followedBy === null || followedBy === undefined ? undefined : judge.operation(followedBy);
  if (kind !== 'upgrade' || state !== 'failed' || back?.state !== 'succeeded' || savepointId === null) return;
  const jobs = judge.items('job#') as unknown as StoredJob[];
  const from = jobs.find(({ claimedBy, number }) => claimedBy === back.id && number > 0)?.restoredFrom;
  const isSame = from?.kind === 'savepoint' && from.savepointId === savepointId;
  const savepoint = judge.items('savepoint#').find(({ id }) => id === savepointId);
  if (from !== undefined && !isSame && savepoint?.['state'] === 'completed')
    judge.violated(`savepoints: an upgrade took ${savepointId} and went back from ${JSON.stringify(from)}`);
}

function judgeSavepoint(world: World, savepoint: Savepoint): void {
  const { judge, bucket } = world;
  const published = judge.published.get(savepoint.deploymentId);
  const folder = world.keyOf(savepoint.location);
  const last = bucket
    .keys(folder)
    .some((key) => JSON.parse(bucket.get(key)?.text ?? '{}').state?.position === published);
  if (savepoint.state === 'failed' && last)
    judge.violated(`savepoints: ${savepoint.id} counts as failed and holds the last state there is`);
  if (savepoint.state === 'started') judge.violated(`savepoints: ${savepoint.id} is started for ever`);
  if (savepoint.state === 'completed' && !judge.hasManifest(savepoint))
    judge.violated(`savepoints: nothing lies at the location of ${savepoint.id} any more`);
}

function judgeDeployment(world: World, { id, status }: Deployment): void {
  const { judge } = world;
  const { state, operationId, jobNumber } = status;
  if (operationId !== null || state === 'transitioning')
    judge.violated(`stuck: the deployment is ${state} with operation ${operationId}`);
  const jobs = (judge.items('job#') as unknown as StoredJob[]).filter((job) => job.deploymentId === id);
  const alive = jobs.filter((job) => !endedJobStates.includes(job.state));
  const processes = [...world.workers.values()].filter(
    (worker) => worker.deploymentId === id && worker.status !== 'stopped',
  );
  if (state !== 'running') {
    if (processes.length > 0)
      judge.violated(`rest: the deployment is ${state} and ${processes[0]?.arn} runs`);
    if (alive.length > 0)
      judge.violated(`rest: the deployment is ${state} and job ${alive[0]?.number} lives`);
    return;
  }
  const epoch = world.head(id)?.epoch;
  const [worker] = processes;
  if (processes.length !== 1 || worker === undefined || !worker.isLive || worker.isFrozen)
    judge.violated(`running: ${processes.length} processes, the first ${worker?.jobState}`);
  else if (worker.epoch !== epoch) judge.violated(`running: epoch ${worker.epoch} of ${epoch}`);
  if (alive.length !== 1 || alive[0]?.number !== jobNumber || alive[0]?.state !== 'running')
    judge.violated(
      `running: job ${jobNumber}, alive ${alive.map(({ number, state: is }) => `${number} ${is}`)}`,
    );
}
