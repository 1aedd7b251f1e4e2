/** Tasks on ECS: one hosts one attempt of a job. */
import {
  ClientException,
  ConflictException,
  DescribeTasksCommand,
  ECSClient,
  InvalidParameterException,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { RunTaskCommandInput, Task } from '@aws-sdk/client-ecs';
import { WORKER_CONTAINER, WORKER_REST_PORT } from '#contract/names.ts';
import type { Resources } from '#contract/resources/deployment.ts';
import type * as z from 'zod';
import { listSetting, setting } from '../middleware/environment.ts';
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
  /** ARN of the task that was started under this mark, in whatever state it is. */
  find(startedBy: string): Promise<string | undefined>;
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
}

// ECS takes at most 8192 characters of overrides.
const OVERRIDES_LIMIT = 8192;
const INFRASTRUCTURE: ReadonlySet<string> = new Set(['TerminationNotice', 'SpotInterruption']);
const DESCRIBE_LIMIT = 100;

/** The platform's tasks: they run on ECS. */
export const ecsTasks: Tasks = {
  run: runTask,
  find: findTask,
  describe: describeTasks,
  running: runningTasks,
  stop: stopTask,
};

let client: ECSClient | undefined;

function ecs(): ECSClient {
  client ??= new ECSClient({});
  return client;
}

async function runTask(launch: TaskLaunch): Promise<string> {
  const input = runTaskInput(launch);
  const size = JSON.stringify(input.overrides).length;
  if (size > OVERRIDES_LIMIT) {
    throw new Error(
      `Cannot start the task: its settings have ${size} characters and ECS takes ${OVERRIDES_LIMIT}; make the configuration smaller`,
    );
  }
  try {
    const answer = await ecs().send(new RunTaskCommand(input));
    const arn = answer.tasks?.[0]?.taskArn;
    if (arn !== undefined) return arn;
    const failure = answer.failures?.[0];
    throw new RetryableError(
      `ECS could not place the task: ${failure?.reason ?? 'it gave no reason'} ${failure?.detail ?? ''}`.trim(),
    );
  } catch (error) {
    // A second try has other presigned addresses, so ECS takes it for another request under the same token.
    const existing = error instanceof ConflictException ? await findTask(launch.startedBy) : undefined;
    if (existing === undefined) throw error;
    return existing;
  }
}

function runTaskInput(launch: TaskLaunch): RunTaskCommandInput {
  const { cpu, memoryMb } = launch.resources;
  return {
    cluster: setting('cluster'),
    taskDefinition: setting('taskDefinition'),
    launchType: 'FARGATE',
    count: 1,
    clientToken: launch.clientToken,
    startedBy: launch.startedBy,
    group: launch.group,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: listSetting('subnets'),
        securityGroups: listSetting('securityGroups'),
        assignPublicIp: 'ENABLED',
      },
    },
    overrides: {
      cpu: String(Math.round(cpu * 1024)),
      memory: String(memoryMb),
      containerOverrides: [
        {
          name: WORKER_CONTAINER,
          environment: Object.entries(launch.environment).map(([name, value]) => ({ name, value })),
        },
      ],
    },
  };
}

async function findTask(startedBy: string): Promise<string | undefined> {
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    const { taskArns } = await ecs().send(
      new ListTasksCommand({ cluster: setting('cluster'), startedBy, desiredStatus }),
    );
    if (taskArns?.[0] !== undefined) return taskArns[0];
  }
  return undefined;
}

async function describeTasks(arns: readonly string[]): Promise<TaskView[]> {
  const views: TaskView[] = [];
  for (let start = 0; start < arns.length; start += DESCRIBE_LIMIT) {
    const { tasks } = await ecs().send(
      new DescribeTasksCommand({
        cluster: setting('cluster'),
        tasks: arns.slice(start, start + DESCRIBE_LIMIT),
      }),
    );
    views.push(...(tasks ?? []).map(taskView));
  }
  return views;
}

async function runningTasks(): Promise<TaskView[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs().send(
      new ListTasksCommand({
        cluster: setting('cluster'),
        desiredStatus: 'RUNNING',
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    arns.push(...(page.taskArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return describeTasks(arns);
}

async function stopTask(arn: string, reason: string): Promise<void> {
  try {
    await ecs().send(new StopTaskCommand({ cluster: setting('cluster'), task: arn, reason }));
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
