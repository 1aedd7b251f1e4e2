/** One worker thread of a function, seen from the Lambda host. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Readable } from 'node:stream';
import type { FunctionDefinition } from './function-definition.ts';
import { failure } from './invocation-error.ts';
import type { FromWorker, InvocationResult, WorkerStart } from './protocol.ts';

// AWS sizes a sandbox by MemorySize; here that many heaps would not fit beside each other on a laptop.
const heapMbMin = 64;
const heapMbMax = 192;
const youngHeapMb = 8;
const responseLimitBytes = 6 * 1024 * 1024;

const source = readFileSync(new URL('worker.ts', import.meta.url), 'utf8');
const program = new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(source))}`);

interface InFlight {
  readonly requestId: string;
  readonly timer: NodeJS.Timeout;
  settle(result: InvocationResult): void;
}

/** Where the worker's output goes. */
export type WorkerLog = (stream: string, text: string) => void;

/**
 * A sandbox that, other than on AWS, runs invocations of its function side by side: they share a thread as
 * requests to a server do. A retired worker takes no more of them and ends with its last one.
 */
export class FunctionWorker {
  readonly #definition: FunctionDefinition;
  readonly #worker: Worker;
  readonly #log: (text: string) => void;
  readonly #inFlight = new Map<number, InFlight>();
  #retired = false;
  #lastUsedAt = Date.now();

  constructor(definition: FunctionDefinition, log: WorkerLog) {
    this.#definition = definition;
    const logStream = logStreamName();
    this.#worker = new Worker(program, {
      workerData: { definition, logStream } satisfies WorkerStart,
      env: { ...definition.environment, AWS_LAMBDA_LOG_STREAM_NAME: logStream },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.min(heapMbMax, Math.max(heapMbMin, definition.memoryMb / 2)),
        maxYoungGenerationSizeMb: youngHeapMb,
      },
    });
    this.#log = (text) => log(logStream, text);
    forward(this.#worker.stdout, this.#log);
    forward(this.#worker.stderr, this.#log);
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.#log(`Uncaught Exception\t${error.stack ?? error.message}\n`));
    this.#worker.on('exit', (code) => this.#exited(code));
  }

  get retired(): boolean {
    return this.#retired;
  }

  /** Whether nothing ran in it for so long. */
  isIdleFor(durationMs: number): boolean {
    return this.#inFlight.size === 0 && Date.now() - this.#lastUsedAt >= durationMs;
  }

  invoke(id: number, requestId: string, payload: string): Promise<InvocationResult> {
    const timeoutMs = this.#definition.timeoutSeconds * 1000;
    this.#lastUsedAt = Date.now();
    return new Promise((settle) => {
      const timer = setTimeout(() => this.#timedOut(id), timeoutMs);
      this.#inFlight.set(id, { requestId, timer, settle });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage({ id, requestId, payload, deadline: Date.now() + timeoutMs });
    });
  }

  retire(): void {
    this.#retired = true;
    if (this.#inFlight.size === 0) void this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    if (message.type === 'returned') return this.#settle(message.id, returned(message.payload));
    const { errorType, errorMessage, trace } = message.error;
    const result = failure(errorType, errorMessage, trace);
    if (message.type === 'threw') return this.#fail(message.id, result);
    this.#retired = true;
    for (const id of this.#inFlight.keys()) this.#fail(id, result);
  }

  /** Settles with an error, which also goes to the log of the function. */
  #fail(id: number, result: InvocationResult): void {
    this.#log(`${this.#inFlight.get(id)?.requestId ?? ''}\tERROR\tInvoke Error\t${result.payload}\n`);
    this.#settle(id, result);
  }

  #timedOut(id: number): void {
    const requestId = this.#inFlight.get(id)?.requestId ?? '';
    const seconds = this.#definition.timeoutSeconds.toFixed(2);
    const message = `${new Date().toISOString()} ${requestId} Task timed out after ${seconds} seconds`;
    // What hangs may hang for ever, even in a loop without end; the thread must not serve others after it.
    this.#retired = true;
    this.#fail(id, failure('Sandbox.Timedout', message));
  }

  #exited(code: number): void {
    this.#retired = true;
    for (const [id, { requestId }] of this.#inFlight) {
      const message = `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`;
      this.#fail(id, failure('Runtime.ExitError', message));
    }
  }

  #settle(id: number, result: InvocationResult): void {
    const waiting = this.#inFlight.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#inFlight.delete(id);
    this.#lastUsedAt = Date.now();
    waiting.settle(result);
    if (this.#retired && this.#inFlight.size === 0) void this.#worker.terminate();
  }
}

function returned(payload: string): InvocationResult {
  const size = Buffer.byteLength(payload);
  if (size <= responseLimitBytes) return { payload, failed: false };
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size (${size} bytes) exceeded maximum allowed payload size (${responseLimitBytes} bytes).`,
  );
}

function forward(stream: Readable, write: (text: string) => void): void {
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => write(text));
}

function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}
