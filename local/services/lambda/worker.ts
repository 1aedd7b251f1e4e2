/**
 * Entry of a worker thread: loads one handler and runs its invocations. It imports nothing of ours but types: the
 * host starts it from text without types, since a compiler in each thread would take 11 MB.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionDefinition } from './function-definition.ts';
import type { FromWorker, Thrown, ToWorker, WorkerStart } from './protocol.ts';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

// The host starts this thread and always with this data.
const { definition, logStream } = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('Cannot run worker.ts by itself: the Lambda host starts it as a thread');

const send = (message: FromWorker) => port.postMessage(message);
const loading = load(definition);
loading.catch((error: unknown) => send({ type: 'broken', error: loadFailure(error) }));

port.on('message', (message: ToWorker) => {
  loading
    .then((handler) => run(handler, message))
    .then(send)
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

function loadFailure(error: unknown): Thrown {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('Cannot find module')) {
    return { errorType: 'Runtime.ImportModuleError', errorMessage: `Error: ${message}` };
  }
  if (message.endsWith('is undefined or not exported')) {
    return { errorType: 'Runtime.HandlerNotFound', errorMessage: message };
  }
  return thrown(error);
}

async function run(handler: Handler, message: ToWorker): Promise<FromWorker> {
  try {
    const returned = await handler(JSON.parse(message.payload), contextOf(message));
    return { type: 'returned', id: message.id, payload: JSON.stringify(returned ?? null) };
  } catch (error) {
    return { type: 'threw', id: message.id, error: thrown(error) };
  }
}

function thrown(error: unknown): Thrown {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
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
