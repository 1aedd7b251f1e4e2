/** Lambda: functions by name, called over REST by clients and in the process by other local services. */
import type { ServerResponse } from 'node:http';
import { DeliveryQueue } from '../../delivery-queue.ts';
import type { LogStore } from '../logs/log-store.ts';
import { LineSplitter } from '../logs/line-splitter.ts';
import { AwsError } from '../service.ts';
import type { Service, ServiceRequest } from '../service.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { HostProcess } from './host-process.ts';
import type { InvocationResult } from './protocol.ts';

const functionsPath = '/2015-03-31/functions';
// Lambda's paths begin with the day of the API that brought them; no bucket of ours does.
const lambdaPath = /^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|layers|tags|account-settings)\b/;
const syncPayloadLimitBytes = 6 * 1024 * 1024;
const asyncPayloadLimitBytes = 1024 * 1024;

/** The service and the calls that other local services make in the process. */
export interface Lambda extends Service {
  define(definition: FunctionDefinition): void;
  /** Declares a function that cannot run here, with the reason that its callers get. */
  defineUnrunnable(name: string, reason: string): void;
  /** Calls by name or ARN and waits; a function's own error is a result, anything else an `AwsError`. */
  call(nameOrArn: string, payload: string): Promise<InvocationResult>;
  /** Accepts an asynchronous call: it is tried three times in all, also across a restart. */
  enqueue(nameOrArn: string, payload: string): void;
  /** Begins to work off the asynchronous calls, once all functions are defined. */
  start(): void;
  /** Process that runs the functions, while there is one. */
  hostPid(): number | undefined;
}

/** Opens Lambda; `file` keeps the asynchronous calls that are under way. */
export function openLambda(options: {
  file: string;
  logs: LogStore;
  onError(message: string): void;
}): Lambda {
  const definitions = new Map<string, FunctionDefinition>();
  const unrunnable = new Map<string, string>();
  const lines = new LineSplitter();
  const host = new HostProcess((group, stream, text) => {
    const timestamp = Date.now();
    const whole = lines.push(`${group}\n${stream}`, text);
    options.logs.append(
      group,
      stream,
      whole.map((message) => ({ timestamp, message })),
    );
  });

  const call = async (nameOrArn: string, payload: string): Promise<InvocationResult> => {
    const name = functionName(nameOrArn);
    const reason = unrunnable.get(name);
    if (reason !== undefined) throw new AwsError(502, 'InvalidRuntimeException', reason);
    if (!definitions.has(name)) throw functionNotFound(nameOrArn);
    return host.invoke(name, payload);
  };

  const queue = new DeliveryQueue({
    file: options.file,
    attempts: 3,
    firstDelayMs: 1_000,
    async deliver(target, payload) {
      const result = await call(target, payload);
      if (result.failed) throw new Error(result.payload);
    },
    onGivenUp: (target, cause) =>
      options.onError(`An asynchronous call of function "${functionName(target)}" failed: ${String(cause)}`),
  });

  return {
    targets: [],
    claims: (request) => lambdaPath.test(request.path),
    call,
    enqueue(nameOrArn, payload) {
      if (!definitions.has(functionName(nameOrArn))) throw functionNotFound(nameOrArn);
      queue.add(nameOrArn, payload);
    },
    define(definition) {
      definitions.set(definition.name, definition);
      host.define(definition);
    },
    defineUnrunnable: (name, reason) => void unrunnable.set(name, reason),
    start: () => queue.start(),
    hostPid: () => host.pid,
    handle: (request, response) =>
      handle(request, response, { call, enqueue: (name, payload) => queue.add(name, payload), definitions }),
    async close() {
      await queue.close();
      await host.close();
    },
  };
}

interface Calls {
  call(name: string, payload: string): Promise<InvocationResult>;
  enqueue(name: string, payload: string): void;
  readonly definitions: ReadonlyMap<string, FunctionDefinition>;
}

async function handle(request: ServiceRequest, response: ServerResponse, calls: Calls): Promise<void> {
  try {
    if (!request.path.startsWith(functionsPath)) throw noOperation(request);
    const [, name = '', action] = request.path.slice(functionsPath.length).split('/');
    const nameOrArn = decodeURIComponent(name);
    if (request.method === 'GET' && nameOrArn === '') {
      return sendBody(response, { Functions: [...calls.definitions.values()].map(configuration) });
    }
    const definition = calls.definitions.get(functionName(nameOrArn));
    if (definition === undefined) throw functionNotFound(nameOrArn);
    if (request.method === 'POST' && action === 'invocations') {
      return await handleInvoke(request, response, { definition, calls });
    }
    if (request.method === 'GET' && action === undefined) {
      return sendBody(response, { Configuration: configuration(definition) });
    }
    if (request.method === 'GET' && action === 'configuration') {
      return sendBody(response, configuration(definition));
    }
    throw noOperation(request);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // REST services name the error in a header rather than in the body.
    const body = JSON.stringify({ Type: 'User', Message: error.message, message: error.message });
    response.writeHead(error.status, { 'content-type': 'application/json', 'x-amzn-errortype': error.type });
    response.end(body);
  }
}

async function handleInvoke(
  request: ServiceRequest,
  response: ServerResponse,
  { definition, calls }: { definition: FunctionDefinition; calls: Calls },
): Promise<void> {
  const kind = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
  const limit = kind === 'Event' ? asyncPayloadLimitBytes : syncPayloadLimitBytes;
  const payload = await readPayload(request, limit);
  if (kind === 'DryRun') return void response.writeHead(204).end();
  if (kind === 'Event') {
    calls.enqueue(definition.arn, payload);
    return void response.writeHead(202).end();
  }
  const result = await calls.call(definition.name, payload);
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  response.writeHead(200, { ...headers, ...(result.failed ? { 'x-amz-function-error': 'Unhandled' } : {}) });
  response.end(result.payload);
}

async function readPayload(request: ServiceRequest, limit: number): Promise<string> {
  const body = await request.body(limit).catch((cause: unknown) => {
    if (!(cause instanceof AwsError)) throw cause;
    throw new AwsError(413, 'RequestTooLargeException', `Request must be smaller than ${limit} bytes`);
  });
  const payload = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(payload);
  } catch (cause) {
    const message = `Could not parse request body into json: ${String(cause)}`;
    throw new AwsError(400, 'InvalidRequestContentException', message);
  }
  return payload;
}

function configuration(definition: FunctionDefinition): unknown {
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: definition.runtime,
    Handler: definition.handler,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogGroup: definition.logGroup },
  };
}

function sendBody(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function noOperation({ method, path }: ServiceRequest): AwsError {
  return new AwsError(
    404,
    'UnknownOperationException',
    `The local Lambda has no operation ${method} ${path}`,
  );
}

/** The bare name out of a name, a partial ARN or an ARN, each with or without a version. */
function functionName(nameOrArn: string): string {
  const match = /(?:^|:)function:([^:]+)/.exec(nameOrArn);
  return match?.[1] ?? nameOrArn.split(':')[0] ?? nameOrArn;
}

function functionNotFound(nameOrArn: string): AwsError {
  return new AwsError(404, 'ResourceNotFoundException', `Function not found: ${nameOrArn}`);
}
