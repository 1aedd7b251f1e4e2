/**
 * The control plane over the local cloud's services in this process: real tables, buckets, tasks and secrets.
 *
 * The functions are called as AWS calls them; only the state machine is played by the test, step by step.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { createClient, requestPath } from '#contract/api/client.ts';
import type { Client } from '#contract/api/client.ts';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { API_PREFIX, functionEnvironment } from '#contract/names.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { failureStep, workflows } from '#contract/workflows.ts';
import { startEndpoint } from '#local/endpoint.ts';
import { openServices } from '#local/services.ts';
import type { Service } from '#local/services/service.ts';
import { tableShape } from '#functions/stores/table.ts';

const place = { region: 'eu-west-1', account: '000000000000' };
const TABLE = 'headwater';
const BUCKET = 'headwater-state';
const CLUSTER = 'headwater';
const taskDefinition = 'arn:aws:ecs:eu-west-1:000000000000:task-definition/worker:1';
export const BUNDLE = 'export default {}';
export const sha256 = createHash('sha256').update(BUNDLE).digest('hex');

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  // Whatever the API answers; each test says what it expects of it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Request {
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Record<string, string>;
  readonly role?: string;
  /** Instead of a role: what the authorizer says of the caller. */
  readonly caller?: Readonly<Record<string, string>>;
  /** Instead of a role: the authorizer is asked whose it is. */
  readonly token?: string;
  /** The body of the answer as the text that it is. */
  readonly raw?: boolean;
}

export interface ControlPlane {
  call(id: OperationId, request?: Request): Promise<Answer>;
  /** Plays the state machine for an operation and answers how it ended. */
  carryOut(operation: Operation): Promise<Operation>;
  /** Runs one step once, as a state machine that stops there. */
  runStep(operation: Operation, step: string): Promise<void>;
  /** Removes for good what is in the trash and due. */
  purge(): Promise<void>;
  /** Keys of the platform's bucket below a prefix. */
  objectsUnder(prefix: string): Promise<string[]>;
  /** Sends a stopped task's event, as the bus does. */
  taskStopped(deployment: Deployment): Promise<string>;
  sweep(): Promise<number>;
  /** Kills the process of the newest attempt. */
  killTask(deployment: Deployment): Promise<void>;
  deployment(name: string): Promise<Deployment>;
  /** Of the same handlers, for what takes a client. */
  readonly client: Client;
  /** Where the local cloud keeps all that it has. */
  readonly directory: string;
  objectText(key: string): Promise<string>;
  close(): Promise<void>;
}

export async function openControlPlane(): Promise<ControlPlane> {
  const directory = mkdtempSync(join(tmpdir(), 'control-plane-'));
  const clientEnvironment: Record<string, string> = {};
  const services = await openServices({
    directory,
    place,
    environment: clientEnvironment,
    log: () => {},
  });
  const endpoint = await startEndpoint({ port: 0, services: [gatewayService(), ...services.all] });
  Object.assign(clientEnvironment, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  Object.assign(process.env, clientEnvironment, settings(), { POWERTOOLS_LOG_LEVEL: 'SILENT' });
  await defineResources(services.byName);
  services.start();
  return controlPlane({
    directory,
    objectText: async (key) => String(services.byName.s3.getObject(BUCKET, key)?.body ?? ''),
    close: async () => {
      await endpoint.close();
      await services.close();
      rmSync(directory, { recursive: true, force: true });
    },
  });
}

function settings(): Record<string, string> {
  const names = functionEnvironment;
  return {
    [names.table]: TABLE,
    [names.bucket]: BUCKET,
    [names.cluster]: CLUSTER,
    [names.taskDefinition]: taskDefinition,
    [names.subnets]: 'subnet-1',
    [names.securityGroups]: 'sg-1',
    [names.workflow]: 'arn:aws:states:eu-west-1:000000000000:stateMachine:operation',
    [names.gateway]: 'gateway',
    [names.jobSecret]: 'job-secret',
    [names.workerBucket]: BUCKET,
    [names.workerKey]: 'worker.mjs',
    [names.workerSha256]: sha256,
    [names.access]: 'oidc',
    [names.issuer]: 'http://127.0.0.1:1',
    [names.audience]: 'headwater',
    // Tests ask faster than people; the one about the limit sets its own.
    [names.requestRate]: '0',
  };
}

/** Stands in for Lambda: the one function that the control plane invokes. */
function gatewayService(): Service {
  return {
    targets: [],
    claims: (request) => request.path.startsWith('/2015-03-31/functions/gateway/'),
    close: async () => {},
    async handle(request, response) {
      const { handler } = await import('#functions/gateway/gateway.ts');
      const answers = await handler(JSON.parse((await request.body()).toString()));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers));
    },
  };
}

type Cloud = Awaited<ReturnType<typeof openServices>>['byName'];

async function defineResources(cloud: Cloud): Promise<void> {
  const { partitionKey, sortKey, index, indexPartitionKey, indexSortKey } = tableShape;
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  await cloud.dynamodb.invoke('CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [partitionKey, sortKey, indexPartitionKey, indexSortKey].map(text),
    KeySchema: key(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: index,
        KeySchema: key(indexPartitionKey, indexSortKey),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  cloud.s3.createBucket(BUCKET);
  await cloud.s3.putObject(BUCKET, 'worker.mjs', Buffer.from(BUNDLE));
  await cloud.secrets.invoke('CreateSecret', { Name: 'job-secret', SecretString: 'a secret of this test' });
  cloud.ecs.putCluster(CLUSTER);
  cloud.ecs.putTaskDefinition({
    arn: taskDefinition,
    family: 'worker',
    revision: 1,
    cpu: '256',
    memoryMb: 512,
    containers: [
      {
        name: 'worker',
        image: 'node',
        entryPoint: ['node'],
        command: [join(import.meta.dirname, 'control-plane-worker.ts')],
        environment: { HEADWATER_REST_PORT: '8081' },
        secrets: {},
        containerPorts: [8081],
        essential: true,
        stopTimeoutSeconds: 5,
        logGroup: 'worker',
        logStreamPrefix: 'worker',
      },
    ],
  });
}

async function controlPlane(
  cloud: Pick<ControlPlane, 'directory' | 'objectText' | 'close'>,
): Promise<ControlPlane> {
  // Loaded now, since a function reads its environment once.
  const { handler: query } = await import('#functions/api/query.ts');
  const { handler: command } = await import('#functions/api/command.ts');
  const { handler: authorize } = await import('#functions/authorizer/authorizer.ts');
  const { handler: runStep } = await import('#functions/steps/run-step.ts');
  const { handler: taskChanged } = await import('#functions/events/task-changed.ts');
  const { handler: sweep } = await import('#functions/events/sweep.ts');
  const { ecsTasks: tasks } = await import('#functions/steps/tasks.ts');

  async function callerWith(token: string): Promise<Record<string, string>> {
    const { context } = await authorize({ headers: { authorization: `Bearer ${token}` } });
    return context;
  }

  async function call(id: OperationId, request: Request = {}): Promise<Answer> {
    const route: Route = routes[id];
    const handler = route.method === 'GET' ? query : command;
    const caller = request.token === undefined ? request.caller : await callerWith(request.token);
    const event = eventOf(id, { ...request, ...(caller === undefined ? {} : { caller }) });
    const response = await handler(event as never, {} as Context);
    const isJson = /[/+]json/.test(response.headers['content-type'] ?? '');
    const parsed: unknown = isJson && response.body !== '' ? JSON.parse(response.body) : undefined;
    const body = request.raw === true ? response.body : parsed;
    return { status: response.statusCode, headers: response.headers, body };
  }

  async function operationNow({ namespace, id }: Operation): Promise<Operation> {
    return (await call('getOperation', { params: { namespace, operation: id } })).body;
  }

  async function carryOut(operation: Operation): Promise<Operation> {
    const input = { operationId: operation.id, namespace: operation.namespace };
    for (const { step } of workflows[operation.kind]) {
      for (;;) {
        try {
          await runStep({ ...input, step });
          break;
        } catch (error) {
          // What the state machine does: again for a RetryableError, else the failure step.
          if ((error as Error).name === 'RetryableError') continue;
          await runStep({ ...input, step: failureStep.step });
          return operationNow(operation);
        }
      }
    }
    return operationNow(operation);
  }

  async function deployment(name: string): Promise<Deployment> {
    return (await call('getDeployment', { params: { namespace: 'default', deployment: name } })).body;
  }

  async function newestTask(of: Deployment): Promise<string> {
    const params = { namespace: of.namespace, deployment: of.name, job: of.status.jobNumber };
    return (await call('getJob', { params })).body.attempts.at(-1).taskArn;
  }

  return {
    call,
    carryOut,
    async runStep({ id: operationId, namespace }, step) {
      await runStep({ operationId, namespace, step });
    },
    async purge() {
      const { platform } = await import('#functions/middleware/platform.ts');
      const { purgeDeployment } = await import('#functions/savepoints/purge-deployment.ts');
      const opened = platform();
      const due = await opened.stores.due.until(opened.now().toISOString(), 100);
      for (const one of due) {
        if (one.kind === 'purge-deployment') await purgeDeployment(opened, one, Infinity);
      }
    },
    async objectsUnder(prefix) {
      const { platform } = await import('#functions/middleware/platform.ts');
      const keys: string[] = [];
      for await (const { key } of platform().stores.savepointObjects.writes(prefix)) keys.push(key);
      return keys;
    },
    deployment,
    client: createClient({ url: 'http://plane', fetch: (input, init) => fetchFrom(call, input, init) }),
    async sweep() {
      return (await sweep()).actions;
    },
    async killTask(of) {
      const arn = await newestTask(of);
      await tasks.stop(arn, 'killed by the test');
      for (;;) {
        if ((await tasks.describe([arn]))[0]?.status === 'stopped') return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async taskStopped(of) {
      const [task] = await tasks.describe([await newestTask(of)]);
      const detail = {
        taskArn: task?.arn,
        startedBy: task?.startedBy,
        lastStatus: 'STOPPED',
        containers: [{ name: 'worker', exitCode: task?.exitCode ?? undefined }],
      };
      return (await taskChanged({ detail })).outcome;
    },
    ...cloud,
  };
}

/** What API Gateway does before it makes an event: it finds the route of an address. */
async function fetchFrom(
  call: ControlPlane['call'],
  input: Parameters<typeof fetch>[0],
  init: RequestInit = {},
): Promise<Response> {
  const request = new Request(input, init);
  const url = new URL(request.url);
  for (const [id, route] of Object.entries<Route>(routes)) {
    const source = route.path.replaceAll(/\{(\w+)\+?\}/g, '(?<$1>[^/]+)');
    const found = new RegExp(`^${API_PREFIX}${source}$`).exec(url.pathname);
    if (found === null || route.method !== request.method) continue;
    const text = await request.text();
    const answer = await call(id as OperationId, {
      params: { ...found.groups },
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(request.headers),
      ...(text === '' ? {} : { rawBody: text }),
    });
    return Response.json(answer.body, { status: answer.status });
  }
  return new Response('no such route', { status: 404 });
}

/** The event that API Gateway makes of a request: payload 2.0. */
function eventOf(id: OperationId, request: Request): unknown {
  const { method, path }: Route = routes[id];
  const [rawPath = '', rawQueryString = ''] = requestPath(id, request).split('?');
  const body = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const params = Object.entries(request.params ?? {}).map(([name, value]) => [name, String(value)]);
  const bodyType = (routes[id] as Route).bodyType ?? 'application/json';
  return {
    version: '2.0',
    routeKey: `${method} ${API_PREFIX}${path}`,
    rawPath,
    rawQueryString,
    headers: { ...(body === undefined ? {} : { 'content-type': bodyType }), ...request.headers },
    pathParameters: Object.fromEntries(params),
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body }),
    requestContext: {
      http: { method, path: rawPath },
      authorizer: { lambda: request.caller ?? { actor: 'user:test', role: request.role ?? 'admin' } },
    },
  };
}
