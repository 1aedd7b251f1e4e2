/** Tasks on ECS: one hosts one attempt of a job. */
import {
  ClientException,
  ConflictException,
  DescribeTasksCommand,
  InvalidParameterException,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { RunTaskCommandInput, Task, TaskOverride } from '@aws-sdk/client-ecs';
import { WORKER_CONTAINER, WORKER_REST_PORT } from '#contract/names.ts';
import type { Resources } from '#contract/resources/deployment.ts';
import type * as z from 'zod';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { isOwnTask, ownPlace, placeOf, placeOfTask } from './task-place.ts';
import type { TaskPlace } from './task-place.ts';
import { RetryableError } from './retryable-error.ts';

/** A task as the control plane sees it. */
export interface TaskView {
  readonly arn: string;
  readonly startedBy: string;
  readonly status: 'coming' | 'running' | 'stopped';
  readonly createdAtMs: number;
  /** Origin of the job's REST API; undefined until the network is up. */
  readonly address: string | undefined;
  readonly exitCode: number | null;
  readonly reason: string | null;
  /** ECS ended it for reasons of its own. */
  readonly isInfrastructure: boolean;
}

/** Tasks of the cluster. */
export interface Tasks {
  /** Starts a task and answers its ARN; asked twice with one token, it answers the task that runs. */
  run(launch: TaskLaunch): Promise<string>;
  /** ARN of the task that was started on the target under this mark, in whatever state it is. */
  find(startedBy: string, target?: DeploymentTarget): Promise<string | undefined>;
  /** Without those that ECS has forgotten, as it does an hour after their end. */
  describe(arns: readonly string[]): Promise<TaskView[]>;
  /** Every task of the cluster that should run. */
  running(): Promise<TaskView[]>;
  /** Asks a task to stop; one that is gone already is fine. */
  stop(arn: string, reason: string): Promise<void>;
}

/** What a task is started with. */
export interface TaskLaunch {
  readonly startedBy: string;
  /** At most 64 characters: the same one never starts a second task. */
  readonly clientToken: string;
  readonly group: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly resources: z.output<typeof Resources>;
  /** The platform's own when absent. */
  readonly target?: DeploymentTarget | undefined;
}

// ECS takes at most 8192 characters of overrides.
const OVERRIDES_LIMIT = 8192;
const INFRASTRUCTURE: ReadonlySet<string> = new Set(['TerminationNotice', 'SpotInterruption']);
const DESCRIBE_LIMIT = 100;

/** Targets as they are now: where tasks can be. */
export type TargetList = () => Promise<readonly DeploymentTarget[]>;

/** Tasks on ECS, on the platform's own cluster and on those of the targets. */
export function tasksOn(targets: TargetList): Tasks {
  // Targets are read only where a task is elsewhere: most are not.
  const placed = async (arn: string): Promise<TaskPlace> =>
    isOwnTask(arn) ? ownPlace() : placeOfTask(arn, await targets());
  return {
    run: runTask,
    find: (startedBy, target) => findTask(placeOf(target), startedBy),
    async describe(arns) {
      const byPlace = new Map<TaskPlace, string[]>();
      for (const arn of arns) {
        const place = await placed(arn);
        byPlace.set(place, [...(byPlace.get(place) ?? []), arn]);
      }
      const views = await Promise.all([...byPlace].map(([place, some]) => describeTasks(place, some)));
      return views.flat();
    },
    async running() {
      const places = new Set([ownPlace(), ...(await targets()).map((target) => placeOf(target))]);
      return (await Promise.all([...places].map((place) => runningTasks(place)))).flat();
    },
    stop: async (arn, reason) => stopTask(await placed(arn), arn, reason),
  };
}

/** The tasks of the platform's own cluster. */
export const ecsTasks: Tasks = tasksOn(async () => []);

async function runTask(launch: TaskLaunch): Promise<string> {
  const place = placeOf(launch.target);
  const size = JSON.stringify(overridesOf(launch)).length;
  if (size > OVERRIDES_LIMIT) {
    throw new Error(
      `Cannot start the task: its settings have ${size} characters and ECS takes ${OVERRIDES_LIMIT}; make the configuration smaller`,
    );
  }
  const capacity = launch.target?.capacity ?? 'on-demand';
  if (capacity === 'on-demand') return runOn(place, launch, 'FARGATE');
  try {
    return await runOn(place, launch, 'FARGATE_SPOT');
  } catch (error) {
    if (capacity === 'spot' || !(error instanceof RetryableError)) throw error;
    // There is no spare capacity: rather pay than wait.
    return runOn(place, { ...launch, clientToken: `${launch.clientToken}-od` }, 'FARGATE');
  }
}

async function runOn(
  place: TaskPlace,
  launch: TaskLaunch,
  capacityProvider: 'FARGATE' | 'FARGATE_SPOT',
): Promise<string> {
  try {
    const answer = await place.ecs().send(
      new RunTaskCommand({
        ...runTaskInput(place, launch),
        ...(capacityProvider === 'FARGATE'
          ? { launchType: 'FARGATE' }
          : { capacityProviderStrategy: [{ capacityProvider, weight: 1 }] }),
      }),
    );
    const arn = answer.tasks?.[0]?.taskArn;
    if (arn !== undefined) return arn;
    const failure = answer.failures?.[0];
    throw new RetryableError(
      `ECS could not place the task: ${failure?.reason ?? 'it gave no reason'} ${failure?.detail ?? ''}`.trim(),
    );
  } catch (error) {
    // A second try has other presigned addresses, so ECS takes it for another request under the same token.
    const existing = error instanceof ConflictException ? await findTask(place, launch.startedBy) : undefined;
    if (existing === undefined) throw error;
    return existing;
  }
}

function runTaskInput(place: TaskPlace, launch: TaskLaunch): RunTaskCommandInput {
  return {
    cluster: place.cluster,
    taskDefinition: place.taskDefinition,
    count: 1,
    clientToken: launch.clientToken,
    startedBy: launch.startedBy,
    group: launch.group,
    networkConfiguration: { awsvpcConfiguration: place.network() },
    overrides: overridesOf(launch),
  };
}

function overridesOf({ resources, environment }: TaskLaunch): TaskOverride {
  return {
    cpu: String(Math.round(resources.cpu * 1024)),
    memory: String(resources.memoryMb),
    containerOverrides: [
      {
        name: WORKER_CONTAINER,
        environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
      },
    ],
  };
}

async function findTask(place: TaskPlace, startedBy: string): Promise<string | undefined> {
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    const { taskArns } = await place
      .ecs()
      .send(new ListTasksCommand({ cluster: place.cluster, startedBy, desiredStatus }));
    if (taskArns?.[0] !== undefined) return taskArns[0];
  }
  return undefined;
}

async function describeTasks(place: TaskPlace, arns: readonly string[]): Promise<TaskView[]> {
  const views: TaskView[] = [];
  for (let start = 0; start < arns.length; start += DESCRIBE_LIMIT) {
    const { tasks } = await place.ecs().send(
      new DescribeTasksCommand({
        cluster: place.cluster,
        tasks: arns.slice(start, start + DESCRIBE_LIMIT),
      }),
    );
    views.push(...(tasks ?? []).map(taskView));
  }
  return views;
}

async function runningTasks(place: TaskPlace): Promise<TaskView[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await place.ecs().send(
      new ListTasksCommand({
        cluster: place.cluster,
        desiredStatus: 'RUNNING',
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    arns.push(...(page.taskArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return describeTasks(place, arns);
}

async function stopTask(place: TaskPlace, arn: string, reason: string): Promise<void> {
  try {
    await place.ecs().send(new StopTaskCommand({ cluster: place.cluster, task: arn, reason }));
  } catch (error) {
    const isGone = error instanceof InvalidParameterException || error instanceof ClientException;
    if (!isGone || !/not found|missing/i.test(error.message)) throw error;
  }
}

/** Whether ECS ended a task for reasons of its own: nothing that the job did, and nothing to hold against it. */
export function isInfrastructureStop(stopCode: string | undefined): boolean {
  return INFRASTRUCTURE.has(stopCode ?? '');
}

function taskView(task: Task): TaskView {
  const container = task.containers?.find(({ name }) => name === WORKER_CONTAINER) ?? task.containers?.[0];
  return {
    arn: task.taskArn ?? '',
    startedBy: task.startedBy ?? '',
    status: statusOf(task),
    createdAtMs: task.createdAt === undefined ? 0 : new Date(task.createdAt).getTime(),
    address: addressOf(task),
    exitCode: container?.exitCode ?? null,
    reason: container?.reason ?? task.stoppedReason ?? null,
    isInfrastructure: isInfrastructureStop(task.stopCode),
  };
}

function statusOf(task: Task): TaskView['status'] {
  if (task.lastStatus === 'RUNNING') return 'running';
  return task.lastStatus === 'STOPPED' ? 'stopped' : 'coming';
}

/** A port mapping where the host has one, else the address of the task's own network interface. */
function addressOf(task: Task): string | undefined {
  const bindings = task.containers?.flatMap((container) => container.networkBindings ?? []) ?? [];
  const binding = bindings.find(({ containerPort }) => containerPort === WORKER_REST_PORT);
  if (binding?.hostPort !== undefined) return `http://${binding.bindIP ?? '127.0.0.1'}:${binding.hostPort}`;
  const address =
    task.containers
      ?.flatMap((container) => container.networkInterfaces ?? [])
      .find(({ privateIpv4Address }) => privateIpv4Address !== undefined)?.privateIpv4Address ??
    task.attachments
      ?.flatMap((attachment) => attachment.details ?? [])
      .find(({ name }) => name === 'privateIPv4Address')?.value;
  return address === undefined ? undefined : `http://${address}:${WORKER_REST_PORT}`;
}
