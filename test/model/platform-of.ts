/** The platform as one run of a function sees it: every call of the outside is a gate that the schedule opens. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Platform } from '#functions/middleware/platform.ts';
import { storesOver } from '#functions/stores/stores.ts';
import type { Actor, Gate } from './actor.ts';
import { answerOf } from './job-api.ts';
import { cachedReads } from './cached-reads.ts';
import type { World } from './world.ts';

export type ModelPlatform = Platform;

/** ECS may not know a task yet that it has just started. */
const UNSEEN_MS = 10_000;
const FORGOTTEN_MS = 3_600_000;

export function platformOf(world: World, actor: Actor): Platform {
  const stores = storesOver(
    { table: 'table', client: tableClient(world, actor) },
    { name: 'state', client: bucketClient(world, actor) },
  );
  const reads = cachedReads(world, actor);
  const address = () => Promise.resolve('https://presigned');
  return {
    stores: {
      ...stores,
      deployments: { ...stores.deployments, get: reads.deployment },
      jobs: { ...stores.jobs, get: reads.job },
      operations: { ...stores.operations, get: reads.operation },
      savepoints: { ...stores.savepoints, get: reads.savepoint },
      versions: { ...stores.versions, get: reads.version },
      bundles: { ...stores.bundles, presignObject: address, presignDownload: address },
    },
    tasks: tasksOf(world, actor),
    executions: {
      start: (operation) =>
        actor.call({
          label: `starts execution of ${operation.kind}`,
          kind: 'write',
          perform: () => world.startExecution(operation),
        }),
      state: (id) =>
        actor.call({
          label: 'describes an execution',
          kind: 'read',
          perform: () => world.executions.get(id)?.state ?? 'missing',
        }),
    },
    jobs: {
      token: (jobId) => Promise.resolve(`token of ${jobId}`),
      call: ({ address: to }, calls) =>
        actor.call({
          label: `calls ${calls.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
          kind: 'write',
          perform: () => {
            const worker = world.workers.get(to.split('/').at(-1) ?? '');
            return calls.map((call) => answerOf(worker, call));
          },
        }),
    },
    now: () => world.now(),
    pause: (milliseconds) =>
      actor.call({
        label: `waits for ${milliseconds} ms`,
        kind: 'pause',
        wakeAtMs: world.nowMs + milliseconds,
        perform: () => undefined,
      }),
    newId: () => world.newId(),
  };
}

function tasksOf(world: World, actor: Actor): Platform['tasks'] {
  const views = (how: 'newest' | 'stale') =>
    [...world.workers.values()]
      .filter(
        (worker) =>
          (how === 'newest' || worker.createdAtMs + UNSEEN_MS < world.nowMs) &&
          (worker.status !== 'stopped' || worker.stoppedAtMs + FORGOTTEN_MS > world.nowMs),
      )
      .map((worker) => worker.view());
  const read = <T>(label: string, perform: Gate['perform']): Promise<T> =>
    actor.call({ label, kind: 'stale-read', perform });
  return {
    run: (launch) =>
      actor.call({ label: 'runs a task', kind: 'write', perform: () => world.runTask(launch) }),
    find: (startedBy) =>
      read('finds a task', (how) => views(how).find((view) => view.startedBy === startedBy)?.arn),
    describe: (arns) => read('describes tasks', (how) => views(how).filter(({ arn }) => arns.includes(arn))),
    running: () => read('lists tasks', (how) => views(how).filter(({ status }) => status !== 'stopped')),
    stop: (arn) =>
      actor.call({
        label: `stops ${arn}`,
        kind: 'write',
        perform: () => {
          const worker = world.workers.get(arn);
          if (worker !== undefined) worker.isStopping = true;
        },
      }),
  };
}

/** Stands in for the client as far as the stores use it, which is `send`. */
function tableClient(world: World, actor: Actor): DynamoDBDocumentClient {
  const send = (command: unknown): Promise<unknown> => {
    const isIndex = command instanceof QueryCommand && command.input.IndexName !== undefined;
    const kind = command instanceof TransactWriteCommand ? 'write' : isIndex ? 'stale-read' : 'read';
    return actor.call({ label: tableLabel(command), kind, perform: (how) => world.table.send(command, how) });
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

function bucketClient(world: World, actor: Actor): S3Client {
  const send = (command: { readonly input: { readonly Key?: string; readonly Prefix?: string } }) => {
    const isRead = !(command instanceof PutObjectCommand);
    const verb = command instanceof GetObjectCommand ? 'reads' : isRead ? 'lists' : 'swaps';
    const what = (command.input.Key ?? command.input.Prefix ?? '').replace(/^checkpoints\/\w+\//, '');
    return actor.call({
      label: `${verb} ${what}`,
      kind: isRead ? 'read' : 'swap',
      perform: () => world.bucket.send(command),
    });
  };
  return { send } as unknown as S3Client;
}

function tableLabel(command: unknown): string {
  if (command instanceof GetCommand) return `gets ${String(command.input.Key?.['sk']).slice(0, 30)}`;
  if (command instanceof QueryCommand) return 'queries';
  if (!(command instanceof TransactWriteCommand)) return 'asks the table';
  const items = command.input.TransactItems ?? [];
  return `writes ${items.map(({ Put, Delete }) => String((Put?.Item ?? Delete?.Key)?.['sk']).slice(0, 14)).join(', ')}`;
}
