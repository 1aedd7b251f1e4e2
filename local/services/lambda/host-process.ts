/** The Lambda host as the cloud sees it: one child process, started anew whenever it ends. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { AwsError } from '../service.ts';
import type { FunctionDefinition } from './function-definition.ts';
import type { FromHost, InvocationResult, ToHost } from './protocol.ts';

const restartDelayMs = 100;

interface Waiting {
  resolve(result: InvocationResult): void;
  reject(error: AwsError): void;
}

/** Receives what functions print, in pieces that may end within a line. */
export type HostLog = (group: string, stream: string, text: string) => void;

/** Runs functions in the host; what was in flight when the host died is refused in a way that clients retry. */
export class HostProcess {
  readonly #definitions = new Map<string, FunctionDefinition>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #log: HostLog;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;

  constructor(log: HostLog) {
    this.#log = log;
  }

  /** Number of the host's process, undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  define(definition: FunctionDefinition): void {
    this.#definitions.set(definition.name, definition);
    this.#child?.send({ type: 'define', definition } satisfies ToHost);
  }

  invoke(name: string, payload: string): Promise<InvocationResult> {
    const child = this.#running();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send({ type: 'invoke', id, name, requestId: randomUUID(), payload } satisfies ToHost);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
    await gone;
    clearTimeout(timer);
  }

  #running(): ChildProcess {
    if (this.#closed) throw unavailable();
    return this.#child ?? this.#start();
  }

  #start(): ChildProcess {
    clearTimeout(this.#restart);
    const child = fork(new URL('host.ts', import.meta.url), {
      serialization: 'advanced',
      // Many small heaps live in this process: young generations and arenas of malloc for each thread are most of
      // what can be saved (265 -> 210 MB for five functions of 1.2 MB each).
      execArgv: [
        '--max-semi-space-size=1',
        '--max-old-space-size=128',
        '--disable-warning=ExperimentalWarning',
      ],
      // Functions get their own environment; the host needs none of ours.
      env: { MALLOC_ARENA_MAX: '2' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (message) => this.#receive(message as FromHost));
    child.on('error', () => {});
    child.on('exit', () => this.#ended(child));
    for (const definition of this.#definitions.values()) {
      child.send({ type: 'define', definition } satisfies ToHost);
    }
    return child;
  }

  #receive(message: FromHost): void {
    if (message.type === 'log') return this.#log(message.group, message.stream, message.text);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    waiting?.resolve(message.result);
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(unavailable());
    this.#waiting.clear();
    if (!this.#closed) this.#restart = setTimeout(() => this.#start(), restartDelayMs);
  }
}

function unavailable(): AwsError {
  return new AwsError(500, 'ServiceException', 'The Lambda host ended while the function ran; try again');
}
