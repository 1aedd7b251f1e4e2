/** Mutations of the control plane, each against one rule; the explorer must catch every one of them. */
import type { Write } from '#functions/stores/database.ts';
import { WriteConflict } from '#functions/stores/database.ts';
import type { Stores } from '#functions/stores/stores.ts';
import type { Family } from './exhaustive.ts';
import type { ModelPlatform } from './platform-of.ts';
import { BAD_VERSION } from './requests.ts';
import type { World } from './world.ts';

/** A fault in our own code, planted from outside. */
export interface Bug {
  readonly name: string;
  /** Begin of the violation that must be found. */
  readonly rule: RegExp;
  /** Where it shows. */
  readonly family: Family;
  /** What else must go wrong for it to show, by the label of the choice. */
  readonly shownBy?: RegExp;
  plant(platform: ModelPlatform, world: World): ModelPlatform;
}

export const bugs: readonly Bug[] = [
  {
    name: 'a claim leaves the epoch as it was',
    family: { status: 'running', first: 'restart' },
    rule: /^(epochs|two jobs)/,
    plant: inStores(({ heads }) => ({
      heads: {
        ...heads,
        swap: (id, head, before) =>
          heads.swap(id, { ...head, epoch: before?.head.epoch ?? head.epoch }, before),
      },
    })),
  },
  {
    name: 'a task is started without a token',
    family: { status: 'cancelled', first: 'start' },
    shownBy: /loses the answer: runs a task$/,
    rule: /^(two jobs|rest|running)/,
    plant: (platform, world) => ({
      ...platform,
      tasks: {
        ...platform.tasks,
        run: (launch) => platform.tasks.run({ ...launch, clientToken: world.newId() }),
        find: () => Promise.resolve(undefined),
      },
    }),
  },
  {
    name: 'idempotency keys are forgotten',
    family: { status: 'running', first: 'savepoint', whenBusy: 'queue' },
    shownBy: /^FAULT: a asks savepoint (dies after|loses)/,
    rule: /^idempotency/,
    plant: (platform, world) =>
      inStores(({ idempotency }) => ({
        idempotency: {
          get: () => Promise.resolve(undefined),
          created: (record) => idempotency.created({ ...record, key: world.newId() }),
        },
      }))(platform, world),
  },
  {
    name: 'an operation is accepted in two transactions',
    family: { status: 'cancelled', first: 'start' },
    rule: /^(lost|events)/,
    plant: inStores((stores) => ({
      async commit(writes) {
        await stores.commit(writes.slice(0, 1));
        if (writes.length > 1) await stores.commit(writes.slice(1));
      },
    })),
  },
  {
    name: 'writes lose their conditions',
    family: { status: 'running', first: 'savepoint' },
    rule: /^(revisions|lost|jobs|epochs)/,
    plant: inStores((stores) => ({ commit: (writes) => stores.commit(writes.map(unconditional)) })),
  },
  {
    name: 'a conflict is taken for a success',
    family: { status: 'cancelled', first: 'start', second: 'start' },
    rule: /^(idempotency|lost|stuck|rest|running|state)/,
    plant: inStores((stores) => ({
      commit: (writes) =>
        stores.commit(writes).catch((error: unknown) => {
          if (!(error instanceof WriteConflict)) throw error;
        }),
    })),
  },
  {
    name: 'the sweep sees no operations',
    family: { status: 'cancelled', first: 'start' },
    shownBy: /dies before: starts execution/,
    rule: /^(lost|stuck)/,
    plant: inStores(({ operations }) => ({
      operations: { ...operations, active: () => Promise.resolve([]) },
    })),
  },
  {
    name: 'an execution that failed counts as running',
    family: { status: 'cancelled', first: 'start' },
    shownBy: /is aborted$/,
    rule: /^(lost|stuck)/,
    plant: (platform) => ({
      ...platform,
      executions: {
        ...platform.executions,
        state: async (id) => {
          const state = await platform.executions.state(id);
          return state === 'failed' ? 'running' : state;
        },
      },
    }),
  },
  {
    name: 'a task that was told to stop counts as gone',
    family: { status: 'running', first: 'cancel' },
    rule: /^rest/,
    plant: (platform, world) => ({
      ...platform,
      tasks: {
        ...platform.tasks,
        describe: async (arns) =>
          (await platform.tasks.describe(arns)).map((view) =>
            world.workers.get(view.arn)?.isStopping === true ? { ...view, status: 'stopped' } : view,
          ),
      },
    }),
  },
  {
    name: 'leftover tasks are not looked for',
    family: { status: 'running', first: 'restart' },
    shownBy: /loses the answer: runs a task$/,
    rule: /^(rest|running)/,
    plant: (platform) => ({
      ...platform,
      tasks: { ...platform.tasks, running: () => Promise.resolve([]) },
    }),
  },
  {
    name: 'a savepoint in the bucket is not looked for',
    family: { status: 'running', first: 'suspend' },
    rule: /^(state|savepoints)/,
    plant: inStores(({ jobFiles }) => ({
      jobFiles: { ...jobFiles, savepoint: () => Promise.resolve(undefined) },
    })),
  },
  {
    name: 'a start forgets savepoints',
    family: { status: 'suspended', first: 'start' },
    rule: /^(state|savepoints)/,
    plant: inStores(({ savepoints }) => ({
      savepoints: { ...savepoints, completed: () => Promise.resolve([]) },
    })),
  },
  {
    name: 'a savepoint is written down under another address',
    family: { status: 'running', first: 'savepoint' },
    rule: /^savepoints/,
    plant: inStores(({ savepoints }) => ({
      savepoints: {
        ...savepoints,
        written: (savepoint) => savepoints.written({ ...savepoint, location: `${savepoint.location}-copy` }),
      },
    })),
  },
  {
    name: 'a completed savepoint is written over',
    family: { status: 'running', first: 'savepoint' },
    shownBy: /fails a savepoint$/,
    rule: /^savepoints/,
    plant: inStores(({ savepoints }) => ({
      savepoints: {
        ...savepoints,
        completed: async (deploymentId) => [...(await savepoints.completed(deploymentId))],
        written: (savepoint) =>
          savepoints.written(savepoint.tries > 1 ? { ...savepoint, state: 'failed' } : savepoint),
      },
    })),
  },
  {
    name: 'a change of status is not told',
    family: { status: 'running', first: 'suspend' },
    rule: /^events/,
    plant: inStores((stores) => ({
      commit: (writes) => stores.commit(writes.filter((write) => !tells(write, 'state-changed'))),
    })),
  },
  {
    name: 'a silent job counts as alive',
    family: { status: 'running', first: 'savepoint' },
    shownBy: /freezes$/,
    rule: /^(running|rest)/,
    plant: (platform) => ({
      ...platform,
      jobs: {
        ...platform.jobs,
        // The sweep is the one that asks for three things at once.
        call: async (job, calls) =>
          (await platform.jobs.call(job, calls)).map((answer) =>
            calls.length === 3 && answer.status === 0 ? { status: 200, body: {} } : answer,
          ),
      },
    }),
  },
  {
    name: 'a deployment forgets its line when its operation ends',
    family: { status: 'running', first: 'savepoint', second: 'restart', whenBusy: 'queue' },
    rule: /^lost: \w+ never ended and is queued/,
    plant: inStores(({ deployments }) => ({
      deployments: {
        ...deployments,
        replaced: (deployment) => {
          const { operationId, queue } = deployment.status;
          const left = operationId === null ? [] : queue;
          return deployments.replaced({ ...deployment, status: { ...deployment.status, queue: left } });
        },
      },
    })),
  },
  {
    name: 'an upgrade that failed goes back to nothing',
    family: { status: 'running', first: 'upgrade', version: BAD_VERSION },
    rule: /^savepoints: an upgrade took \w+ and went back from/,
    plant: inStores(({ operations }) => ({
      operations: {
        ...operations,
        created: (operation) =>
          operations.created(
            operation.kind === 'rollback'
              ? { ...operation, request: { ...operation.request, restoreStrategy: { kind: 'none' } } }
              : operation,
          ),
      },
    })),
  },
];

/** A mutation of the stores alone. */
function inStores(change: (stores: Stores) => Partial<Stores>): Bug['plant'] {
  return (platform) => ({ ...platform, stores: { ...platform.stores, ...change(platform.stores) } });
}

function unconditional(write: Write): Write {
  const { Put } = write.item;
  if (Put === undefined) return write;
  return { ...write, item: { Put: { TableName: Put.TableName, Item: Put.Item } } };
}

function tells({ item }: Write, name: string): boolean {
  return item.Put?.Item?.['name'] === name && String(item.Put.Item['sk']).startsWith('event#');
}
