/** All services of the local cloud, opened over one data directory and wired to each other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { openDynamoDb } from './services/dynamodb/dynamodb.ts';
import { openEcs } from './services/ecs/ecs.ts';
import { openEvents } from './services/events/events.ts';
import type { Events } from './services/events/events.ts';
import { openKinesis } from './services/kinesis/kinesis.ts';
import { openLambda } from './services/lambda/lambda.ts';
import type { Lambda } from './services/lambda/lambda.ts';
import { openLogs } from './services/logs/logs.ts';
import { openS3 } from './services/s3/s3.ts';
import { openParameterStore } from './services/secrets/parameter-store.ts';
import { openSecretsManager } from './services/secrets/secrets-manager.ts';
import { AwsError } from './services/service.ts';
import type { JsonService, Service } from './services/service.ts';
import { openStepFunctions } from './services/stepfunctions/step-functions.ts';
import type { StepFunctions } from './services/stepfunctions/step-functions.ts';
import { openSts } from './services/sts/sts.ts';
import type { Cloud } from './template/cloud.ts';

type ServiceNames =
  | 'dynamodb'
  | 'kinesis'
  | 's3'
  | 'lambda'
  | 'states'
  | 'logs'
  | 'events'
  | 'ecs'
  | 'secrets'
  | 'parameters';

/** The open services. */
export interface Services {
  readonly all: readonly Service[];
  readonly byName: Pick<Cloud, ServiceNames>;
  /** Goes on with what an earlier process left under way; call it once everything is defined. */
  start(): void;
  /** Ends executions, functions and tasks, which may still reach the stores meanwhile. */
  stop(): Promise<void>;
  /** Closes the stores. */
  close(): Promise<void>;
}

/** Options of `openServices`. */
export interface ServicesOptions {
  readonly directory: string;
  readonly place: Place;
  /** Environment of AWS clients; read when a task starts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** Opens every service; each keeps its data in its own part of the directory. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { place, log } = options;
  const path = (name: string) => join(options.directory, name);
  mkdirSync(path('secrets'), { recursive: true, mode: 0o700 });
  const [dynamodb, kinesis, s3] = await Promise.all([
    openDynamoDb({ directory: path('dynamodb') }),
    openKinesis({ directory: path('kinesis') }),
    openS3({ directory: path('s3'), region: place.region }),
  ]);
  const logs = openLogs({ directory: path('logs'), place });
  const secrets = openSecretsManager({ file: path('secrets/secrets.json'), place });
  const parameters = openParameterStore({ file: path('secrets/parameters.json'), place });
  const lambda = openLambda({ file: path('lambda.db'), logs: logs.store, onError: log });
  const byTarget = new Map<string, JsonService>();
  const states = openStepFunctions({
    file: path('stepfunctions.db'),
    place,
    calls: {
      lambda: (nameOrArn, payload) => lambda.call(nameOrArn, payload),
      service: (target, operation, input) => serviceOf(byTarget, target).invoke(operation, input),
    },
    onChange: (execution) => announceExecution(events, execution),
  });
  const events: Events = openEvents({
    file: path('events.db'),
    place,
    deliver: (target, payload) => deliverEvent(target, payload, { lambda, states }),
    onError: log,
  });
  const ecs = openEcs({
    file: path('ecs.db'),
    directory: path('tasks'),
    place,
    logs: logs.store,
    events,
    clientEnvironment: options.environment,
    resolveSecret: (valueFrom) => parameters.find(valueFrom) ?? secrets.resolve(valueFrom),
  });
  for (const service of [dynamodb, kinesis, logs, secrets, parameters, states, events, ecs]) {
    for (const target of service.targets) byTarget.set(target, service);
  }
  return {
    all: [dynamodb, kinesis, logs, secrets, parameters, states, events, ecs, lambda, openSts(place), s3],
    byName: { dynamodb, kinesis, s3, lambda, states, logs, events, ecs, secrets, parameters },
    start() {
      lambda.start();
      events.start();
      ecs.start();
      states.resume();
    },
    async stop() {
      // Whoever decides by what it sees goes first: a step that found its task gone would take it for a failure.
      for (const service of [states, events, lambda, ecs]) await service.close();
    },
    async close() {
      for (const service of [logs, secrets, parameters, dynamodb, kinesis, s3]) await service.close();
    },
  };
}

function serviceOf(byTarget: ReadonlyMap<string, JsonService>, target: string): JsonService {
  const service = byTarget.get(target);
  if (service === undefined)
    throw new AwsError(400, 'UnknownOperationException', `No local service "${target}"`);
  return service;
}

async function deliverEvent(
  target: string,
  payload: string,
  { lambda, states }: { lambda: Lambda; states: StepFunctions },
): Promise<void> {
  if (target.includes(':stateMachine:')) {
    await states.invoke('StartExecution', { stateMachineArn: target, input: payload });
    return;
  }
  if (target.includes(':function:')) return lambda.enqueue(target, payload);
  throw new Error(`a target of this kind does not run locally`);
}

function announceExecution(events: Events, execution: Record<string, unknown>): void {
  events.publish({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [String(execution['executionArn'])],
    detail: JSON.parse(JSON.stringify(execution)) as unknown,
  });
}
