/** One execution while it runs: what its states share. */
import type { JsonObject } from '../../input.ts';
import type { Flow } from './definition.ts';
import { StateFailure } from './failure.ts';
import type { Journal } from './journal.ts';
import type { TaskCalls } from './task-calls.ts';
import type { TaskTokens } from './task-tokens.ts';

// Both are AWS's quotas for standard workflows.
const historyEventsMax = 25_000;
const payloadBytesMax = 256 * 1024;

/** Parts and identity of a running execution. */
export interface RunOptions {
  readonly arn: string;
  readonly flow: Flow;
  readonly journal: Journal;
  readonly tokens: TaskTokens;
  readonly calls: TaskCalls;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: JsonObject;
}

/** A running execution. */
export class Run {
  readonly arn: string;
  readonly flow: Flow;
  readonly journal: Journal;
  readonly tokens: TaskTokens;
  readonly calls: TaskCalls;
  readonly context: JsonObject;

  constructor(options: RunOptions) {
    this.arn = options.arn;
    this.flow = options.flow;
    this.journal = options.journal;
    this.tokens = options.tokens;
    this.calls = options.calls;
    this.context = options.context;
  }

  /** Adds to the history; returns the id, which the next event of the same flow names as its predecessor. */
  event(type: string, previous: number, details: JsonObject): number {
    const id = this.journal.append(this.arn, { previous, at: Date.now(), type, details });
    if (id < historyEventsMax || type.startsWith('Execution')) return id;
    const message = `The execution reached the maximum number of history events (${historyEventsMax}).`;
    throw new StateFailure('States.Runtime', message);
  }
}

/** JSON of a payload; fails beyond AWS's limit. */
export function payloadText(value: unknown, what: string): string {
  const text = JSON.stringify(value ?? null);
  if (Buffer.byteLength(text) <= payloadBytesMax) return text;
  throw new StateFailure(
    'States.DataLimitExceeded',
    `The ${what} returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
