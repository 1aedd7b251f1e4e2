/** Entry of a worker thread: loads one handler and runs its invocations. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionDefinition } from './function-definition.ts';
import { failure, failureOf } from './invocation-error.ts';
import type { FromWorker, InvocationResult, ToWorker, WorkerStart } from './protocol.ts';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

const responseLimitBytes = 6 * 1024 * 1024;
// The host starts this thread and always with this data.
const { definition, logStream } = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('Cannot run worker.ts by itself: the Lambda host starts it as a thread');

const send = (message: FromWorker) => port.postMessage(message);
const loading = load(definition);
loading.catch((error: unknown) => send({ type: 'broken', result: loadFailure(error) }));

port.on('message', (message: ToWorker) => {
  loading
    .then((handler) => run(handler, message))
    .then((result) => send({ type: 'result', id: message.id, result }))
    // A handler that did not load is reported once, above.
    .catch(() => {});
});

async function load({ handler, codeDirectory }: FunctionDefinition): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [base, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = ['.mjs', '.js', '.cjs'].map((end) => join(codeDirectory, base + end)).find(existsSync);
  if (file === undefined) throw new Error(`Cannot find module "${base}" in ${codeDirectory}`);
  // A module is an object of exports; whether the wanted one is a function is checked next.
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const found = module[name];
  if (typeof found !== 'function') throw new Error(`${handler} is undefined or not exported`);
  // It is a function; its parameters are between it and its callers, as in Lambda.
  return found as Handler;
}

function loadFailure(error: unknown): InvocationResult {
  const message = error instanceof Error ? error.message : String(error);
  if (/^Cannot find module/.test(message)) return failure('Runtime.ImportModuleError', `Error: ${message}`);
  if (/is undefined or not exported$/.test(message)) return failure('Runtime.HandlerNotFound', message);
  return failureOf(error);
}

async function run(handler: Handler, message: ToWorker): Promise<InvocationResult> {
  try {
    const returned = await handler(JSON.parse(message.payload), contextOf(message));
    const payload = JSON.stringify(returned ?? null);
    if (Buffer.byteLength(payload) <= responseLimitBytes) return { payload, failed: false };
    const size = Buffer.byteLength(payload);
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size (${size} bytes) exceeded maximum allowed payload size (${responseLimitBytes} bytes).`,
    );
  } catch (error) {
    const result = failureOf(error);
    console.error(`${message.requestId}\tERROR\tInvoke Error\t${result.payload}`);
    return result;
  }
}

function contextOf({ requestId, deadline }: ToWorker): Record<string, unknown> {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: definition.arn,
    memoryLimitInMB: String(definition.memoryMb),
    logGroupName: definition.logGroup,
    logStreamName: logStream,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
