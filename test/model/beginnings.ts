/** Worlds to begin from: a deployment in every status, brought there by the control plane itself. */
import './silence.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import { ApplicationVersion } from '#contract/resources/application-version.ts';
import { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '#functions/middleware/platform.ts';
import { Caller } from './caller.ts';
import type { Asked } from './requests.ts';
import { explore } from './explore.ts';
import { deviatingSchedule } from './schedule.ts';
import { GOOD_VERSION, BAD_VERSION } from './requests.ts';
import { BAD_SHA256 } from './worker.ts';
import { World } from './world.ts';

export type Beginning = Exclude<DeploymentState, 'transitioning'>;
export const beginnings: readonly Beginning[] = ['running', 'suspended', 'cancelled', 'failed', 'finished'];

/** What leads to each, after the deployment was made. */
const ways: Readonly<Record<Beginning, readonly Asked['verb'][]>> = {
  running: ['start'],
  suspended: ['start', 'suspend'],
  cancelled: ['start', 'cancel'],
  failed: ['start'],
  finished: ['start'],
};

export async function beginningOf(status: Beginning, say?: (line: string) => void): Promise<World> {
  const world = new World(say);
  await new Promise<void>((resolve) => {
    world.spawn('set up', setUp, () => resolve());
    void drive(world);
  });
  for (const verb of ways[status])
    await explore(world, [new Caller(world, verb, [() => ({ verb })])], deviatingSchedule([]));
  const [worker] = [...world.workers.values()].slice(-1);
  if (status === 'failed') worker?.fail('a fault in the program');
  if (status === 'finished') {
    worker?.end('FINISHED');
    worker?.exit(0);
  }
  await explore(world, [], deviatingSchedule([]));
  const [deployment] = world.judge.items('deployment#') as unknown as Deployment[];
  if (deployment?.status.state !== status || world.judge.violations.length > 0)
    throw new Error(
      `Cannot begin with ${status}: it is ${deployment?.status.state}, ${world.judge.violations.join('; ')}`,
    );
  return world;
}

async function drive(world: World): Promise<void> {
  while (world.actors.length > 0) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const gate = world.actors[0]?.gates[0];
    if (gate !== undefined) gate.actor.go(gate);
  }
}

async function setUp({ stores, now, newId }: Platform): Promise<void> {
  const at = now().toISOString();
  for (const version of [1, GOOD_VERSION, BAD_VERSION])
    await stores.commit(
      stores.versions.created(versionOf(version, at, version === BAD_VERSION ? BAD_SHA256 : undefined)),
    );
  const deployment = Deployment.parse({
    id: newId(),
    name: 'clicks',
    namespace: 'default',
    labels: {},
    annotations: {},
    spec: { application: 'clicks', version: 1 },
    stated: { application: 'clicks', version: 1 },
    status: {
      state: 'cancelled',
      message: null,
      transitionedAt: at,
      jobId: null,
      jobNumber: null,
      operationId: null,
      conditions: [],
      allowed: [],
    },
    createdAt: at,
    modifiedAt: at,
    revision: 1,
  });
  await stores.commit([stores.deployments.created(deployment)]);
}

function versionOf(version: number, at: string, sha256 = String(version).repeat(64)): ApplicationVersion {
  return ApplicationVersion.parse({
    application: 'clicks',
    namespace: 'default',
    version,
    sha256,
    sizeBytes: 1,
    graphHash: '0'.repeat(64),
    graph: { nodes: [] },
    configurationSchema: null,
    tag: null,
    commit: null,
    author: null,
    createdAt: at,
    createdBy: 'user:before',
  });
}
