import { isObject, object, objects } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { EventTarget } from '../../services/events/target-input.ts';
import type { ResourceKind } from '../resource-kind.ts';

const rule: ResourceKind = {
  nameProperty: 'Name',
  attribute: (resource, name) =>
    name === 'Arn' ? arnOf(resource.place, 'events', `rule/${resource.name}`) : undefined,
  deploy(resource, cloud) {
    const properties = resource.properties();
    const schedule = properties['ScheduleExpression'];
    cloud.events.putRule({
      name: resource.name,
      enabled: properties['State'] !== 'DISABLED',
      targets: objects(properties, 'Targets').map(targetOf),
      ...(isObject(properties['EventPattern']) ? { pattern: properties['EventPattern'] } : {}),
      ...(typeof schedule === 'string' ? { schedule } : {}),
    });
  },
};

const schedule: ResourceKind = {
  nameProperty: 'Name',
  attribute: (resource, name) =>
    name === 'Arn' ? arnOf(resource.place, 'scheduler', `schedule/default/${resource.name}`) : undefined,
  deploy(resource, cloud) {
    const properties = resource.properties();
    const target = object(properties, 'Target');
    const timezone = properties['ScheduleExpressionTimezone'];
    cloud.events.putRule({
      name: resource.name,
      enabled: properties['State'] !== 'DISABLED',
      schedule: String(properties['ScheduleExpression']),
      // A schedule without input sends an empty object rather than an event.
      targets: [{ id: 'target', arn: String(target['Arn']), input: String(target['Input'] ?? '{}') }],
      ...(typeof timezone === 'string' ? { timezone } : {}),
    });
  },
};

/** EventBridge's rules and the scheduler's schedules. */
export const eventsKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Events::Rule': rule,
  'AWS::Scheduler::Schedule': schedule,
};

function targetOf(target: JsonObject): EventTarget {
  const { Input, InputPath } = target;
  const transformer = object(target, 'InputTransformer');
  const paths = Object.entries(object(transformer, 'InputPathsMap')).map(
    ([name, path]) => [name, String(path)] as const,
  );
  return {
    id: String(target['Id']),
    arn: String(target['Arn']),
    ...(typeof Input === 'string' ? { input: Input } : {}),
    ...(typeof InputPath === 'string' ? { inputPath: InputPath } : {}),
    ...(typeof transformer['InputTemplate'] === 'string'
      ? { inputTransformer: { paths: Object.fromEntries(paths), template: transformer['InputTemplate'] } }
      : {}),
  };
}
