/** Entry of the Lambda host: a process of its own, so that no function can harm the cloud or its data. */
import type { FunctionDefinition } from './function-definition.ts';
import { FunctionWorker } from './function-worker.ts';
import { failure } from './invocation-error.ts';
import type { FromHost, InvocationResult, ToHost } from './protocol.ts';

// A thread costs 15 to 40 MB and starts in a tenth of a second: most functions are not worth keeping for long.
const idleMs = 45_000;
const sweepMs = 10_000;

interface Defined {
  readonly definition: FunctionDefinition;
  worker: FunctionWorker | undefined;
}

const functions = new Map<string, Defined>();

process.on('message', (message: ToHost) => {
  if (message.type === 'define') define(message.definition);
  else void invoke(message);
});
// The cloud is gone, by whatever end: nothing here has a caller any more.
process.on('disconnect', () => process.exit(0));
// The cloud ends its host by hanging up. Signals of the terminal reach both, and the cloud's own end comes first.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
setInterval(endIdleWorkers, sweepMs);

function define(definition: FunctionDefinition): void {
  functions.get(definition.name)?.worker?.retire();
  functions.set(definition.name, { definition, worker: undefined });
}

async function invoke(message: Extract<ToHost, { type: 'invoke' }>): Promise<void> {
  const defined = functions.get(message.name);
  if (defined === undefined) {
    const result = failure('ResourceNotFoundException', `The host has no function "${message.name}"`);
    return send({ type: 'result', id: message.id, result });
  }
  send({ type: 'result', id: message.id, result: await runIn(defined, message) });
}

async function runIn(
  defined: Defined,
  { id, requestId, payload }: Extract<ToHost, { type: 'invoke' }>,
): Promise<InvocationResult> {
  try {
    return await workerOf(defined).invoke(id, requestId, payload);
  } catch (error) {
    // A worker that cannot even be started must not take the others with it.
    return failure('Runtime.ExitError', error instanceof Error ? error.message : String(error));
  }
}

function workerOf(defined: Defined): FunctionWorker {
  if (defined.worker === undefined || defined.worker.retired) {
    const group = defined.definition.logGroup;
    defined.worker = new FunctionWorker(defined.definition, (stream, text) =>
      send({ type: 'log', group, stream, text }),
    );
  }
  return defined.worker;
}

function endIdleWorkers(): void {
  for (const defined of functions.values()) {
    if (!defined.worker?.isIdleFor(idleMs)) continue;
    defined.worker.retire();
    defined.worker = undefined;
  }
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message);
}
