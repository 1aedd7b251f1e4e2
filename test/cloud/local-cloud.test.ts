import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { Task } from '@aws-sdk/client-ecs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalCloud } from '#local/local-cloud.ts';
import type { LocalCloud } from '#local/local-cloud.ts';
import { writeAssembly } from './local-cloud-assembly.ts';

// Within the repository, so that handlers find its packages as those of the Lambda runtime.
const root = join(import.meta.dirname, '../../.headwater');
mkdirSync(root, { recursive: true });
const directory = mkdtempSync(join(root, 'test-'));
const data = join(directory, 'data');
let cloud: LocalCloud;
let assembly: string;

beforeAll(async () => {
  assembly = writeAssembly(directory);
  cloud = await startLocalCloud({
    assembly,
    directory: data,
    port: 0,
    awsPort: 0,
    parameters: { Volume: 'high' },
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true, force: true });
});

const output = (name: string) => cloud.output('Demo', name) ?? '';

function clientsOf(endpoint: string) {
  const config = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  return {
    dynamodb: new DynamoDBClient(config),
    ecs: new ECSClient(config),
    events: new EventBridgeClient(config),
    kinesis: new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() }),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client(config),
    secrets: new SecretsManagerClient(config),
    sfn: new SFNClient(config),
    ssm: new SSMClient(config),
  };
}

/** Waits for what comes by itself: looks again until it is there. */
async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}`);
}

async function hasItem(endpoint: string, table: string, prefix: string): Promise<string | undefined> {
  const { Items = [] } = await clientsOf(endpoint).dynamodb.send(new ScanCommand({ TableName: table }));
  return Items.map((item) => item['id']?.S ?? '').find((id) => id.startsWith(prefix));
}

async function call(event: unknown) {
  const { lambda } = clientsOf(cloud.awsEndpoint);
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: output('Function'), Payload: JSON.stringify(event) }),
  );
  return {
    error: FunctionError,
    result: JSON.parse(Payload?.transformToString() ?? 'null') as Record<string, unknown>,
  };
}

async function describeTask(endpoint: string, cluster: string, arn: string): Promise<Task | undefined> {
  const { ecs } = clientsOf(endpoint);
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  return tasks[0];
}

async function runTask(endpoint: string, cluster: string, clientToken?: string): Promise<string> {
  const { tasks = [] } = await clientsOf(endpoint).ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: 'demo-task',
      startedBy: 'test',
      overrides: { containerOverrides: [{ name: 'main', environment: [{ name: 'EXTRA', value: 'more' }] }] },
      ...(clientToken === undefined ? {} : { clientToken }),
    }),
  );
  return tasks[0]?.taskArn ?? '';
}

const running = (endpoint: string, cluster: string, arn: string) =>
  until(async () => {
    const task = await describeTask(endpoint, cluster, arn);
    return task?.lastStatus === 'RUNNING' ? task : undefined;
  }, 'a running task');

describe('the template', () => {
  it('yields the stores that it declares', async () => {
    const { dynamodb, kinesis, s3 } = clientsOf(cloud.awsEndpoint);
    await dynamodb.send(new PutItemCommand({ TableName: output('Table'), Item: { id: { S: 'x' } } }));
    const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'ticks' }));
    expect(summary.StreamDescriptionSummary?.OpenShardCount).toBe(2);
    const bundle = await s3.send(
      new GetObjectCommand({ Bucket: 'cdk-hnb659fds-assets-000000000000-eu-west-1', Key: 'bundle.mjs' }),
    );
    expect(await bundle.Body?.transformToString()).toBe('export const answer = 42;');
  });

  it('resolves parameters, conditions and exports of other stacks', () => {
    expect(output('Mode')).toBe('loud');
    expect(cloud.output('Reader', 'Table')).toBe(output('Table'));
  });

  it('yields secrets and settings', async () => {
    const { secrets, ssm } = clientsOf(cloud.awsEndpoint);
    const secret = await secrets.send(new GetSecretValueCommand({ SecretId: output('Secret') }));
    expect(secret.SecretString).toMatch(/^[A-Za-z0-9]{24}$/);
    const setting = await ssm.send(new GetParameterCommand({ Name: '/demo/table' }));
    expect(setting.Parameter?.Value).toBe(output('Table'));
  });

  it('is refused with the name of a resource that nobody knows', async () => {
    const other = join(directory, 'unknown');
    const unknown = writeAssembly(other, { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } });
    const starting = startLocalCloud({
      assembly: unknown,
      directory: join(other, 'data'),
      port: 0,
      awsPort: 0,
    });
    await expect(starting).rejects.toThrow(/stack "Demo": resource "Queue" has type "AWS::SQS::Queue"/);
  });
});

describe('the data directory', () => {
  it('belongs to one process at a time', async () => {
    const second = startLocalCloud({ assembly, directory: data, port: 0, awsPort: 0 });
    await expect(second).rejects.toThrow(
      `Cannot use data directory "${data}": process ${process.pid} is using it; stop it or choose another with --data`,
    );
  });
});

describe('a function', () => {
  it('gets its own environment and context', async () => {
    const { result } = await call({ kind: 'echo' });
    expect(result).toMatchObject({ echo: { kind: 'echo' }, name: output('Function'), left: true });
    expect(result).not.toHaveProperty('shell');
  });

  it('that throws gives the error as Lambda does', async () => {
    const { error, result } = await call({ kind: 'throw' });
    expect(error).toBe('Unhandled');
    expect(result).toMatchObject({ errorType: 'BadLuck', errorMessage: 'no luck' });
    expect(result['trace']).toContain('BadLuck: no luck');
  });

  it.each(['hang', 'loop'])('that does not end in time fails and is replaced: %s', async (kind) => {
    const { error, result } = await call({ kind });
    expect(error).toBe('Unhandled');
    expect(result['errorMessage']).toMatch(/Task timed out after 2\.00 seconds$/);
    expect((await call({ kind: 'echo' })).error).toBeUndefined();
  });

  it('that ends its process fails alone', async () => {
    const { result } = await call({ kind: 'exit' });
    expect(result).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect((await call({ kind: 'echo' })).error).toBeUndefined();
  });

  it('that is not there is not found', async () => {
    const { lambda } = clientsOf(cloud.awsEndpoint);
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('writes its output to its log group', async () => {
    await call({ kind: 'echo' });
    const { logs } = clientsOf(cloud.awsEndpoint);
    const command = new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${output('Function')}`,
      filterPattern: '"echo"',
    });
    const line = await until(async () => (await logs.send(command)).events?.[0]?.message, 'a log line');
    expect(JSON.parse(line)).toEqual({ message: 'called', event: 'echo' });
  });
});

describe('an HTTP API', () => {
  it('hands a request on as an event of format 2.0 and the result back', async () => {
    const response = await fetch(`${output('ApiEndpoint')}/things/7/part%20two?q=1&q=2`, {
      headers: { cookie: 'c=3; d=4', 'x-many': 'one' },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-thing')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'GET /things/{id}/{part}',
      rawPath: '/things/7/part%20two',
      rawQueryString: 'q=1&q=2',
      queryStringParameters: { q: '1,2' },
      pathParameters: { id: '7', part: 'part two' },
      cookies: ['c=3', 'd=4'],
      isBase64Encoded: false,
      requestContext: { http: { method: 'GET', path: '/things/7/part%20two' }, stage: '$default' },
    });
  });

  it('hands binary bodies on in base64', async () => {
    const body = new Uint8Array([0, 255, 1]);
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(`${output('ApiEndpoint')}/things`, { method: 'POST', body, headers });
    expect(await response.json()).toMatchObject({ body: 'AP8B', isBase64Encoded: true });
  });

  it.each([
    ['/nowhere', 404, 'Not Found'],
    ['/things/%zz/x', 400, 'Bad Request'],
    ['/things/7/undefined', 500, 'Internal Server Error'],
    ['/private', 401, 'Unauthorized'],
  ])('answers %s with %i', async (path, status, message) => {
    const response = await fetch(output('ApiEndpoint') + path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
  });

  it('takes an object without a status for the body', async () => {
    const response = await fetch(`${output('ApiEndpoint')}/things/7/plain`);
    expect(await response.json()).toEqual({ plain: true });
  });

  it('refuses a body above 10 MB', async () => {
    const response = await fetch(`${output('ApiEndpoint')}/things`, {
      method: 'POST',
      body: 'x'.repeat(10 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
  });

  it('lets in whom its authorizer lets in', async () => {
    const ask = (authorization: string) =>
      fetch(`${output('ApiEndpoint')}/private`, { headers: { authorization } });
    expect((await ask('who-knows')).status).toBe(403);
    expect((await ask('crash')).status).toBe(500);
    const allowed = await ask('let-me-in');
    expect(await allowed.json()).toMatchObject({
      requestContext: { authorizer: { lambda: { actor: 'ann' } } },
    });
  });
});

describe('the web port', () => {
  it('serves the site with headers, ETags and compression', async () => {
    const page = await fetch(`${cloud.url}/`, { headers: { 'accept-encoding': 'br' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('max-age=60');
    expect(page.headers.get('content-encoding')).toBe('br');
    expect(await page.text()).toContain('<title>Demo</title>');
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(`${cloud.url}/`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('rewrites paths by the function of the distribution', async () => {
    expect(await (await fetch(`${cloud.url}/deployments/7`)).text()).toContain('<title>Demo</title>');
    expect((await fetch(`${cloud.url}/missing.js`)).status).toBe(403);
  });

  it('passes the paths of the API on', async () => {
    const response = await fetch(`${cloud.url}/api/things/a/b`, { method: 'PUT', body: '{}' });
    expect(await response.json()).toMatchObject({
      rawPath: '/api/things/a/b',
      pathParameters: { proxy: 'a/b' },
    });
  });

  it('keeps pages of other sites out', async () => {
    const write = await fetch(`${cloud.url}/api/things/a`, {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
    });
    expect(write.status).toBe(403);
    const own = await fetch(`${cloud.url}/api/things/a`, { method: 'POST', headers: { origin: cloud.url } });
    expect(own.status).toBe(201);
  });

  it('that is taken is named in the error', async () => {
    const port = Number(new URL(cloud.url).port);
    const starting = startLocalCloud({ assembly, directory: join(directory, 'busy'), port, awsPort: 0 });
    await expect(starting).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use; choose another with --port`,
    );
  });
});

describe('an event', () => {
  it('reaches the targets of the rules that want it', async () => {
    const { events } = clientsOf(cloud.awsEndpoint);
    const entry = (Source: string, id: string) => ({
      Source,
      DetailType: 'Ping',
      Detail: JSON.stringify({ id }),
    });
    await events.send(
      new PutEventsCommand({ Entries: [entry('other', 'unwanted'), entry('demo.test', 'wanted')] }),
    );
    expect(await until(() => hasItem(cloud.awsEndpoint, output('Table'), 'Ping'), 'the event')).toBe(
      'Ping wanted ',
    );
  });
});

describe('a task', () => {
  it('runs with its port, secrets and overrides, and stops on demand', async () => {
    const cluster = output('Cluster');
    const arn = await runTask(cloud.awsEndpoint, cluster, 'once');
    expect(await runTask(cloud.awsEndpoint, cluster, 'once')).toBe(arn);
    const task = await running(cloud.awsEndpoint, cluster, arn);
    const binding = task.containers?.[0]?.networkBindings?.[0];
    expect(binding).toMatchObject({ containerPort: 8081, bindIP: '127.0.0.1' });
    const address = `http://127.0.0.1:${binding?.hostPort}/`;
    const answer = await until(
      () =>
        fetch(address).then(
          (r) => r.json() as Promise<Record<string, string>>,
          () => undefined,
        ),
      'the task',
    );
    expect(answer).toMatchObject({ extra: 'more', endpoint: cloud.awsEndpoint });
    expect(answer['secret']).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(answer['heap']).toContain('--max-old-space-size=384');

    const { ecs, logs } = clientsOf(cloud.awsEndpoint);
    await ecs.send(new StopTaskCommand({ cluster, task: arn, reason: 'enough' }));
    const stopped = await until(async () => {
      const now = await describeTask(cloud.awsEndpoint, cluster, arn);
      return now?.lastStatus === 'STOPPED' ? now : undefined;
    }, 'the end of the task');
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough' });
    expect(stopped.containers?.[0]?.exitCode).toBe(143);
    await until(
      () => hasItem(cloud.awsEndpoint, output('Table'), `ECS Task State Change STOPPED ${arn}`),
      'the event',
    );
    const lines = await logs.send(new FilterLogEventsCommand({ logGroupName: '/demo/task' }));
    expect(lines.events?.map((event) => event.message)).toContain('the task listens');
    expect((await ecs.send(new ListTasksCommand({ cluster, startedBy: 'test' }))).taskArns).toEqual([]);
  });
});

describe('kill -9', () => {
  interface Process {
    readonly child: ChildProcess;
    readonly url: string;
    readonly awsEndpoint: string;
    readonly outputs: Record<string, string>;
  }

  async function startProcess(place: string): Promise<Process> {
    const file = join(import.meta.dirname, 'local-cloud-process.ts');
    const child = fork(file, [assembly, place], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.setEncoding('utf8').once('data', resolve);
      child.once('exit', (code) => reject(new Error(`the cloud ended with ${code}`)));
    });
    return { child, ...(JSON.parse(line) as Omit<Process, 'child'>) };
  }

  const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

  it('of the platform loses nothing: waits go on, tasks are reaped and announced, secrets stay', async () => {
    const place = join(directory, 'killed');
    const first = await startProcess(place);
    const { Table = '', Machine = '', Cluster = '', Secret = '' } = first.outputs;
    const before = clientsOf(first.awsEndpoint);
    const secret = await before.secrets.send(new GetSecretValueCommand({ SecretId: Secret }));
    const startedAt = Date.now();
    const { executionArn } = await before.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: Machine,
        name: 'one',
        input: JSON.stringify({ id: 'step', seconds: 4 }),
      }),
    );
    await until(() => hasItem(first.awsEndpoint, Table, 'step'), 'the first step');
    const waitingAt = Date.now();
    const arn = await runTask(first.awsEndpoint, Cluster, 'token');
    const task = await running(first.awsEndpoint, Cluster, arn);
    const address = `http://127.0.0.1:${task.containers?.[0]?.networkBindings?.[0]?.hostPort}/`;
    await until(
      () =>
        fetch(address).then(
          () => true,
          () => undefined,
        ),
      'the task',
    );
    const gone = ended(first.child);
    first.child.kill('SIGKILL');
    await gone;
    await until(
      () =>
        fetch(address).then(
          () => undefined,
          () => true,
        ),
      'the end of the task with its platform',
    );

    const second = await startProcess(place);
    const restartedAt = Date.now();
    expect(second.outputs).toEqual(first.outputs);
    const after = clientsOf(second.awsEndpoint);
    const again = await after.secrets.send(new GetSecretValueCommand({ SecretId: Secret }));
    expect(again.SecretString).toBe(secret.SecretString);
    expect(await describeTask(second.awsEndpoint, Cluster, arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stoppedReason: 'the local platform restarted',
    });
    expect(await runTask(second.awsEndpoint, Cluster, 'token')).toBe(arn);
    await until(
      () => hasItem(second.awsEndpoint, Table, `ECS Task State Change STOPPED ${arn}`),
      'the event',
    );
    const end = await until(async () => {
      const execution = await after.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    }, 'the end of the execution');
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify({ put: 'step' }) });
    // The wait went on: begun anew at the restart it would have ended by the time already waited later than this.
    const due = Math.max(waitingAt + 4_000, restartedAt);
    expect(Number(end.stopDate) - startedAt).toBeGreaterThan(3_500);
    expect(Number(end.stopDate) - due).toBeLessThan((restartedAt - waitingAt) / 2);
    const finished = ended(second.child);
    second.child.kill('SIGTERM');
    await finished;
    expect(() => readFileSync(join(place, 'lock'))).toThrow(/ENOENT/);
  });

  it('of the Lambda host fails what is in flight in a way that clients retry', async () => {
    const { lambda, dynamodb } = clientsOf(cloud.awsEndpoint);
    await call({ kind: 'echo' });
    const host = hostPid();
    const slow = lambda.send(
      new InvokeCommand({ FunctionName: output('Function'), Payload: '{"kind":"echo"}' }),
    );
    process.kill(host, 'SIGKILL');
    // The SDK tries again by itself.
    expect((await slow).FunctionError).toBeUndefined();
    await lambda.send(
      new InvokeCommand({
        FunctionName: output('Function'),
        InvocationType: 'Event',
        Payload: '{"kind":"put","id":"later"}',
      }),
    );
    await until(
      async () =>
        (await dynamodb.send(new GetItemCommand({ TableName: output('Table'), Key: { id: { S: 'later' } } })))
          .Item,
      'the asynchronous call',
    );
    expect(hostPid()).not.toBe(host);
  });
});

/** The only child of this process that runs the Lambda host. */
function hostPid(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  const found = children
    .map(Number)
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('lambda/host.ts'));
  if (found === undefined) throw new Error('there is no Lambda host');
  return found;
}
