/** Names of what a Task state can do, read from its Resource ARN. */

/** How the task ends: with the call, with a token, or with the thing that the call started. */
export type TaskPattern = 'response' | 'token' | 'sync' | 'sync:2';

/** A parsed Resource. */
export interface TaskResource {
  /** `function` for a bare function ARN, else the integrated service. */
  readonly service: string;
  readonly action: string;
  readonly pattern: TaskPattern;
  /** Called with the members of the API itself rather than through an optimized integration. */
  readonly sdk: boolean;
  readonly arn: string;
}

/** AWS's service name in Resource ARNs → X-Amz-Target prefix, spelling of members, prefix of error names. */
export const integratedServices: Readonly<
  Record<string, { readonly target: string; readonly members: 'camel' | 'pascal'; readonly errors: string }>
> = {
  dynamodb: { target: 'DynamoDB_20120810', members: 'pascal', errors: 'DynamoDB' },
  ecs: { target: 'AmazonEC2ContainerServiceV20141113', members: 'camel', errors: 'ECS' },
  events: { target: 'AWSEvents', members: 'pascal', errors: 'EventBridge' },
  eventbridge: { target: 'AWSEvents', members: 'pascal', errors: 'EventBridge' },
  sfn: { target: 'AWSStepFunctions', members: 'camel', errors: 'Sfn' },
  secretsmanager: { target: 'secretsmanager', members: 'pascal', errors: 'SecretsManager' },
  ssm: { target: 'AmazonSSM', members: 'pascal', errors: 'Ssm' },
  kinesis: { target: 'Kinesis_20131202', members: 'pascal', errors: 'Kinesis' },
  cloudwatchlogs: { target: 'Logs_20140328', members: 'camel', errors: 'CloudWatchLogs' },
};

const optimized: Readonly<Record<string, readonly string[]>> = {
  lambda: ['invoke'],
  states: ['startExecution'],
  dynamodb: ['getItem', 'putItem', 'updateItem', 'deleteItem'],
  events: ['putEvents'],
  ecs: ['runTask'],
};

/** Parses a Resource; undefined when it has no form that is known. */
export function parseResource(arn: string): TaskResource | undefined {
  if (/^arn:[^:]+:lambda:[^:]*:[^:]*:function:./.test(arn)) {
    return { service: 'function', action: 'invoke', pattern: 'response', sdk: false, arn };
  }
  const match =
    /^arn:[^:]+:states:[^:]*:[^:]*:(aws-sdk:)?(\w+):(\w+)(?:\.(waitForTaskToken|sync|sync:2))?$/.exec(arn);
  const [, sdk, service, action, suffix] = match ?? [];
  if (service === undefined || action === undefined) return undefined;
  const pattern = suffix === undefined ? 'response' : suffix === 'waitForTaskToken' ? 'token' : suffix;
  // The expression allows nothing else behind the dot.
  return { service, action, pattern: pattern as TaskPattern, sdk: sdk !== undefined, arn };
}

/** Why a Resource cannot run here, or undefined when it can. */
export function checkResource(arn: string): string | undefined {
  const resource = parseResource(arn);
  const unknown = `resource "${arn}" is not implemented locally`;
  if (resource === undefined) return unknown;
  if (resource.service === 'function') return undefined;
  const known = resource.sdk
    ? Object.hasOwn(integratedServices, resource.service)
    : (optimized[resource.service]?.includes(resource.action) ?? false);
  if (!known) return unknown;
  const isSync = resource.pattern === 'sync' || resource.pattern === 'sync:2';
  return isSync && resource.service !== 'states' ? unknown : undefined;
}
