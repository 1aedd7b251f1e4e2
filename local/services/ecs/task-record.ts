/** A task as it is stored, described and announced. */
import type { ProcessIdentity } from '../../process-identity.ts';

/** Where a task stands; it only ever moves forward. */
export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPED';

/** One container of a task. */
export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly { readonly containerPort: number; readonly hostPort: number }[];
  readonly process?: ProcessIdentity;
  readonly exitCode?: number;
  readonly reason?: string;
}

/** One task; times are milliseconds since the epoch. */
export interface TaskRecord {
  readonly arn: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly status: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly containers: readonly ContainerRecord[];
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly group: string;
  readonly startedBy?: string;
  readonly tags: readonly Readonly<Record<string, unknown>>[];
  readonly cpu: string;
  readonly memoryMb: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly stoppedAt?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** Counts the changes. */
  readonly version: number;
}

/** The id at the end of the task's ARN. */
export function taskId(task: TaskRecord): string {
  return task.arn.slice(task.arn.lastIndexOf('/') + 1);
}

/** The task in ECS's own form; `time` writes a time as the reader expects it. */
export function describeTask(task: TaskRecord, time: (at: number) => unknown): Record<string, unknown> {
  const at = (value: number | undefined) => (value === undefined ? undefined : time(value));
  return {
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    lastStatus: task.status,
    desiredStatus: task.desiredStatus,
    containers: task.containers.map((container) => describeContainer(task, container)),
    attachments: [networkInterface(task)],
    overrides: task.overrides,
    group: task.group,
    startedBy: task.startedBy,
    tags: task.tags,
    cpu: task.cpu,
    memory: String(task.memoryMb),
    launchType: 'FARGATE',
    version: task.version,
    createdAt: at(task.createdAt),
    startedAt: at(task.startedAt),
    stoppingAt: at(task.stoppingAt),
    stoppedAt: at(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
  };
}

function describeContainer(task: TaskRecord, container: ContainerRecord): Record<string, unknown> {
  return {
    containerArn: `${task.arn}/${container.name}`,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    lastStatus: task.status,
    exitCode: container.exitCode,
    reason: container.reason,
    // Tasks share one network here, so each port of a container has another number on the host.
    networkBindings: container.ports.map((port) => ({ ...port, bindIP: '127.0.0.1', protocol: 'tcp' })),
    networkInterfaces: [{ attachmentId: taskId(task), privateIpv4Address: '127.0.0.1' }],
  };
}

function networkInterface(task: TaskRecord): Record<string, unknown> {
  return {
    id: taskId(task),
    type: 'ElasticNetworkInterface',
    status: task.status === 'STOPPED' ? 'DELETED' : 'ATTACHED',
    details: [{ name: 'privateIPv4Address', value: '127.0.0.1' }],
  };
}
