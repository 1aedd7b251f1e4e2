/** ECS: clusters in name, tasks in fact. */
import { randomUUID } from 'node:crypto';
import { object, objects, optionalNumber, optionalText, text, texts } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import type { Events } from '../events/events.ts';
import { AwsError, jsonService } from '../service.ts';
import type { JsonService, OperationInput } from '../service.ts';
import { ServiceScheduler, serviceGroup, serviceOf } from './service-scheduler.ts';
import type { ServiceDefinition, TaskDefinition } from './task-definition.ts';
import { describeTask } from './task-record.ts';
import type { TaskRecord } from './task-record.ts';
import { TaskRunner, checkOverrides } from './task-runner.ts';
import type { TaskRunnerOptions } from './task-runner.ts';
import { TaskStore } from './task-store.ts';

const epochSeconds = (at: number) => at / 1000;
const isoTime = (at: number) => new Date(at).toISOString();

/** The service with the calls that the template interpreter makes in the process. */
export interface Ecs extends JsonService {
  putCluster(name: string): void;
  putTaskDefinition(definition: TaskDefinition): void;
  putService(service: ServiceDefinition): void;
  /** Ends what a former process left running and starts the services, once everything is defined. */
  start(): void;
}

/** Options of `openEcs`. */
export interface EcsOptions extends Omit<TaskRunnerOptions, 'store' | 'onChange'> {
  /** Keeps the tasks. */
  readonly file: string;
  readonly place: Place;
  readonly events: Pick<Events, 'publish'>;
}

interface Parts {
  readonly place: Place;
  readonly store: TaskStore;
  readonly runner: TaskRunner;
  readonly scheduler: ServiceScheduler;
  readonly clusters: Set<string>;
  readonly definitions: Map<string, TaskDefinition>;
}

/** Opens ECS. */
export function openEcs(options: EcsOptions): Ecs {
  const store = new TaskStore(options.file);
  const runner = new TaskRunner({
    ...options,
    store,
    onChange(task) {
      options.events.publish({
        source: 'aws.ecs',
        detailType: 'ECS Task State Change',
        resources: [task.arn],
        detail: JSON.parse(
          JSON.stringify({ ...describeTask(task, isoTime), updatedAt: isoTime(Date.now()) }),
        ),
      });
      if (task.status === 'STOPPED') scheduler.onStopped(task);
    },
  });
  const scheduler = new ServiceScheduler((service) => runServiceTask(parts, service));
  const parts: Parts = {
    place: options.place,
    store,
    runner,
    scheduler,
    clusters: new Set(['default']),
    definitions: new Map(),
  };
  const service = jsonService({
    targets: ['AmazonEC2ContainerServiceV20141113'],
    contentType: 'application/x-amz-json-1.1',
    operations: operationsOf(parts),
    async close() {
      scheduler.close();
      await runner.close();
      store.close();
    },
  });
  return {
    ...service,
    putCluster: (name) => void parts.clusters.add(name),
    putTaskDefinition: (definition) => void parts.definitions.set(definition.arn, definition),
    putService: (definition) => scheduler.put(definition),
    start() {
      runner.reapOrphans();
      scheduler.start();
    },
  };
}

function operationsOf(parts: Parts): Parameters<typeof jsonService>[0]['operations'] {
  return {
    RunTask: (input) => runTask(parts, input),
    StopTask(input) {
      const task = parts.runner.stop(
        arnOfTask(parts, input, text(input, 'task')),
        'UserInitiated',
        optionalText(input, 'reason') ?? 'Task stopped by user',
      );
      if (task === undefined)
        throw new AwsError(400, 'InvalidParameterException', 'The referenced task was not found.');
      return { task: describeTask(task, epochSeconds) };
    },
    DescribeTasks(input) {
      clusterName(parts, input);
      const found = texts(input, 'tasks').map((id) => {
        const arn = arnOfTask(parts, input, id);
        return { arn, task: parts.store.get(arn) };
      });
      return {
        tasks: found.flatMap(({ task }) => (task === undefined ? [] : [describeTask(task, epochSeconds)])),
        failures: found
          .filter(({ task }) => task === undefined)
          .map(({ arn }) => ({ arn, reason: 'MISSING' })),
      };
    },
    ListTasks: (input) => listTasks(parts, input),
    DescribeClusters(input) {
      const asked = texts(input, 'clusters').map(shortName);
      const names = asked.length === 0 ? ['default'] : asked;
      const known = names.filter((name) => parts.clusters.has(name));
      return {
        clusters: known.map((name) => describeCluster(parts, name)),
        failures: names
          .filter((name) => !parts.clusters.has(name))
          .map((name) => ({ arn: clusterArn(parts, name), reason: 'MISSING' })),
      };
    },
    ListClusters: () => ({ clusterArns: [...parts.clusters].map((name) => clusterArn(parts, name)) }),
    DescribeTaskDefinition: (input) => ({
      taskDefinition: describeDefinition(findDefinition(parts, text(input, 'taskDefinition'))),
    }),
    ListTaskDefinitions: () => ({ taskDefinitionArns: [...parts.definitions.keys()] }),
    ListTaskDefinitionFamilies: () => ({
      families: [...new Set([...parts.definitions.values()].map(({ family }) => family))],
    }),
    DescribeServices: (input) => describeServices(parts, texts(input, 'services').map(shortName)),
    ListServices(input) {
      const cluster = clusterName(parts, input);
      const services = parts.scheduler.all().filter((service) => service.cluster === cluster);
      return { serviceArns: services.map((service) => serviceArn(parts, service)) };
    },
  };
}

function runTask(parts: Parts, input: OperationInput): unknown {
  const token = optionalText(input, 'clientToken');
  const known = token === undefined ? undefined : parts.store.ofToken(token);
  if (known !== undefined)
    return { tasks: known.map((task) => describeTask(task, epochSeconds)), failures: [] };
  const definition = findDefinition(parts, text(input, 'taskDefinition'));
  const refusal = checkOverrides(input['overrides'], definition);
  if (refusal !== undefined) throw new AwsError(400, 'InvalidParameterException', refusal);
  const startedBy = optionalText(input, 'startedBy');
  const tasks = Array.from({ length: optionalNumber(input, 'count') ?? 1 }, () =>
    newTask(parts, definition, {
      cluster: clusterName(parts, input),
      group: optionalText(input, 'group') ?? `family:${definition.family}`,
      overrides: object(input, 'overrides'),
      tags: objects(input, 'tags'),
      ...(startedBy === undefined ? {} : { startedBy }),
    }),
  );
  parts.store.putNew(tasks, token);
  for (const task of tasks) parts.runner.start(task, definition);
  return { tasks: tasks.map((task) => describeTask(task, epochSeconds)), failures: [] };
}

function runServiceTask(parts: Parts, service: ServiceDefinition): void {
  const definition = findDefinition(parts, service.taskDefinition);
  const task = newTask(parts, definition, {
    cluster: service.cluster,
    group: serviceGroup(service.name),
    startedBy: `ecs-svc/${service.name}`,
    overrides: {},
    tags: [],
  });
  parts.store.putNew([task], undefined);
  parts.runner.start(task, definition);
}

interface NewTask extends Pick<TaskRecord, 'group' | 'overrides' | 'tags' | 'startedBy'> {
  readonly cluster: string;
}

function newTask(parts: Parts, definition: TaskDefinition, given: NewTask): TaskRecord {
  const { cluster, ...rest } = given;
  return {
    ...rest,
    arn: arnOf(parts.place, 'ecs', `task/${cluster}/${randomUUID().replaceAll('-', '')}`),
    clusterArn: clusterArn(parts, cluster),
    taskDefinitionArn: definition.arn,
    status: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    containers: definition.containers.map(({ name, image }) => ({ name, image, ports: [] })),
    cpu: definition.cpu,
    memoryMb: definition.memoryMb,
    createdAt: Date.now(),
    version: 1,
  };
}

function listTasks(parts: Parts, input: OperationInput): unknown {
  const cluster = clusterArn(parts, clusterName(parts, input));
  const family = optionalText(input, 'family');
  const startedBy = optionalText(input, 'startedBy');
  const service = optionalText(input, 'serviceName');
  const desired = optionalText(input, 'desiredStatus') ?? 'RUNNING';
  const tasks = parts.store
    .all()
    .filter(
      (task) =>
        task.clusterArn === cluster &&
        task.desiredStatus === desired &&
        (family === undefined || task.taskDefinitionArn.includes(`task-definition/${family}:`)) &&
        (startedBy === undefined || task.startedBy === startedBy) &&
        (service === undefined || serviceOf(task) === shortName(service)),
    );
  const from = Number(optionalText(input, 'nextToken') ?? 0);
  const to = from + (optionalNumber(input, 'maxResults') ?? 100);
  return {
    taskArns: tasks.slice(from, to).map((task) => task.arn),
    ...(to < tasks.length ? { nextToken: String(to) } : {}),
  };
}

function describeCluster(parts: Parts, name: string): unknown {
  const arn = clusterArn(parts, name);
  const tasks = parts.store.notStopped().filter((task) => task.clusterArn === arn);
  const running = tasks.filter((task) => task.status === 'RUNNING').length;
  return {
    clusterArn: arn,
    clusterName: name,
    status: 'ACTIVE',
    runningTasksCount: running,
    pendingTasksCount: tasks.length - running,
    activeServicesCount: parts.scheduler.all().filter((service) => service.cluster === name).length,
  };
}

function describeServices(parts: Parts, names: readonly string[]): unknown {
  const services = parts.scheduler.all();
  const tasks = parts.store.notStopped();
  const known = services.filter((service) => names.includes(service.name));
  return {
    services: known.map((service) => ({
      serviceName: service.name,
      serviceArn: serviceArn(parts, service),
      clusterArn: clusterArn(parts, service.cluster),
      taskDefinition: service.taskDefinition,
      desiredCount: service.desiredCount,
      runningCount: tasks.filter((task) => serviceOf(task) === service.name && task.status === 'RUNNING')
        .length,
      status: 'ACTIVE',
    })),
    failures: names
      .filter((name) => !known.some((service) => service.name === name))
      .map((name) => ({ arn: name, reason: 'MISSING' })),
  };
}

function describeDefinition(definition: TaskDefinition): unknown {
  return {
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: 'ACTIVE',
    cpu: definition.cpu,
    memory: String(definition.memoryMb),
    networkMode: 'awsvpc',
    containerDefinitions: definition.containers.map((container) => ({
      name: container.name,
      image: container.image,
      entryPoint: container.entryPoint,
      command: container.command,
      essential: container.essential,
      environment: Object.entries(container.environment).map(([name, value]) => ({ name, value })),
      portMappings: container.containerPorts.map((containerPort) => ({ containerPort, protocol: 'tcp' })),
    })),
  };
}

/** By ARN, by family and revision, or by family alone. */
function findDefinition(parts: Parts, wanted: string): TaskDefinition {
  const name = shortName(wanted);
  const found = [...parts.definitions.values()].find(
    ({ family, revision }) => name === family || name === `${family}:${revision}`,
  );
  if (found === undefined) throw new AwsError(400, 'ClientException', 'Unable to describe task definition.');
  return found;
}

function clusterName(parts: Parts, input: OperationInput): string {
  const name = shortName(optionalText(input, 'cluster') ?? 'default');
  if (!parts.clusters.has(name)) throw new AwsError(400, 'ClusterNotFoundException', 'Cluster not found.');
  return name;
}

function clusterArn(parts: Parts, name: string): string {
  return arnOf(parts.place, 'ecs', `cluster/${name}`);
}

function serviceArn(parts: Parts, { cluster, name }: ServiceDefinition): string {
  return arnOf(parts.place, 'ecs', `service/${cluster}/${name}`);
}

function arnOfTask(parts: Parts, input: OperationInput, id: string): string {
  if (id.startsWith('arn:')) return id;
  return arnOf(parts.place, 'ecs', `task/${clusterName(parts, input)}/${id}`);
}

function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
