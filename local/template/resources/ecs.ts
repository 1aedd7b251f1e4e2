import { object, objects, texts } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { ContainerDefinition } from '../../services/ecs/task-definition.ts';
import type { Resource, ResourceKind } from '../resource-kind.ts';

// A revision only tells definitions apart that exist side by side, and here the newest takes the place of the last.
const revision = 1;

const cluster: ResourceKind = {
  nameProperty: 'ClusterName',
  attribute: (resource, name) =>
    name === 'Arn' ? arnOf(resource.place, 'ecs', `cluster/${resource.name}`) : undefined,
  deploy: (resource, cloud) => cloud.ecs.putCluster(resource.name),
};

const taskDefinition: ResourceKind = {
  nameProperty: 'Family',
  reference: taskDefinitionArn,
  attribute: (resource, name) => (name === 'TaskDefinitionArn' ? taskDefinitionArn(resource) : undefined),
  deploy(resource, cloud) {
    const properties = resource.properties();
    cloud.ecs.putTaskDefinition({
      arn: taskDefinitionArn(resource),
      family: resource.name,
      revision,
      cpu: String(properties['Cpu'] ?? '256'),
      memoryMb: Number(properties['Memory'] ?? 512),
      containers: objects(properties, 'ContainerDefinitions').map((one) => containerOf(one, resource.name)),
    });
  },
};

const service: ResourceKind = {
  nameProperty: 'ServiceName',
  reference: serviceArn,
  attribute: (resource, name) => ({ Name: resource.name, ServiceArn: serviceArn(resource) })[name],
  deploy(resource, cloud) {
    cloud.ecs.putService({
      name: resource.name,
      cluster: clusterName(resource),
      taskDefinition: String(resource.property('TaskDefinition')),
      desiredCount: Number(resource.property('DesiredCount') ?? 1),
    });
  },
};

/** ECS' clusters, task definitions and services. */
export const ecsKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::ECS::Cluster': cluster,
  'AWS::ECS::TaskDefinition': taskDefinition,
  'AWS::ECS::Service': service,
};

function taskDefinitionArn(resource: Resource): string {
  return arnOf(resource.place, 'ecs', `task-definition/${resource.name}:${revision}`);
}

function serviceArn(resource: Resource): string {
  return arnOf(resource.place, 'ecs', `service/${clusterName(resource)}/${resource.name}`);
}

function clusterName(resource: Resource): string {
  const given = String(resource.property('Cluster') ?? 'default');
  return given.slice(given.lastIndexOf('/') + 1);
}

function containerOf(container: JsonObject, family: string): ContainerDefinition {
  const options = object(object(container, 'LogConfiguration'), 'Options');
  return {
    name: String(container['Name']),
    image: String(container['Image']),
    entryPoint: texts(container, 'EntryPoint'),
    command: texts(container, 'Command'),
    environment: pairs(objects(container, 'Environment'), 'Value'),
    secrets: pairs(objects(container, 'Secrets'), 'ValueFrom'),
    containerPorts: objects(container, 'PortMappings').map((mapping) => Number(mapping['ContainerPort'])),
    essential: container['Essential'] !== false,
    stopTimeoutSeconds: Number(container['StopTimeout'] ?? 30),
    logGroup: String(options['awslogs-group'] ?? `/ecs/${family}`),
    logStreamPrefix: String(options['awslogs-stream-prefix'] ?? family),
  };
}

function pairs(list: readonly JsonObject[], member: string): Record<string, string> {
  return Object.fromEntries(list.map((pair) => [String(pair['Name']), String(pair[member])]));
}
