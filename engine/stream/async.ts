import { type Duration, ms, positiveMs } from '../data/duration.ts';
import type { Schema } from '../data/schema.ts';
import { CALLS } from '../operators/async-calls-table.ts';
import type { CallContext, CallOutcome, CallRetry } from '../operators/operator-definition.ts';
import type { NewNode } from './graph-builder.ts';

/** Calls at once, where a program does not say. As Flink's default. */
const CAPACITY = 100;

/** When a call that failed is made again. */
export interface RetrySpec<R> {
  /** Calls for one record at most, the first among them. */
  readonly attempts: number;
  /** From the end of a call to the next one; looked at every 100 ms. */
  readonly delay: Duration;
  /** Every delay is so many times the one before; 1 when left out. */
  readonly backoff?: number;
  /** No delay is longer. */
  readonly maxDelay?: Duration;
  /** Which outcomes are tried again; every error when left out. */
  when?(this: void, outcome: CallOutcome<R>): boolean;
}

/** Calls of the outside world, one or more a record. */
export interface AsyncSpec<In, Out, R> {
  /** Schema of the answers. */
  readonly output?: Schema<Out>;
  /**
   * Makes the call. It is made again for a record without an answer when a job goes on from a checkpoint, so it should
   * do no harm twice. When the time is over or the job ends, `signal` is aborted.
   */
  call(this: void, record: In, call: CallContext): Promise<R>;
  /**
   * `ordered` (default): answers leave in the order of their records. `unordered`: as they come, though none passes
   * a watermark.
   */
  readonly order?: 'ordered' | 'unordered';
  /** Calls at once in each subtask; 100 when left out. More records wait, and hold their sources back. */
  readonly capacity?: number;
  /**
   * For a call with all its retries, looked at every 100 ms; never when left out. Let it be shorter than `idle` of the
   * sources: nobody waits for the calls of a stream that is idle, so that their answers may come late.
   */
  readonly timeout?: Duration;
  readonly retry?: RetrySpec<R>;
  /** What is answered in place of a call that timed out; without it the job fails and goes on from its checkpoint. */
  onTimeout?(this: void, record: In): R;
}

/** Where the operator stands in its graph. */
export interface AsyncPlace {
  readonly name: string;
  /** Schema of the records that wait for their answers. */
  readonly records: Schema;
  /** A call answers any number of records. */
  readonly many: boolean;
}

/** The node of `asyncMap` and `asyncFlatMap`. */
export function asyncNode<In, Out, R>(spec: AsyncSpec<In, Out, R>, place: AsyncPlace): NewNode {
  const { name, records, many } = place;
  const { call, order = 'ordered', capacity = CAPACITY, timeout, onTimeout, retry } = spec;
  const where = `${many ? 'asyncFlatMap' : 'asyncMap'} "${name}"`;
  check(where, spec);
  return {
    name,
    kind: 'async',
    ...(spec.output === undefined ? {} : { schema: spec.output }),
    state: [{ name: CALLS, kind: 'calls', schema: records }],
    description: { order, capacity, ...(timeout === undefined ? {} : { timeout }) },
    definition: {
      kind: 'async',
      call,
      many,
      order,
      capacity,
      ...(timeout === undefined ? {} : { timeoutMs: positiveMs(timeout, 'timeout') }),
      ...(onTimeout === undefined ? {} : { onTimeout }),
      ...(retry === undefined ? {} : { retry: retryOf(where, retry) }),
    },
  };
}

function check(
  where: string,
  { call, order, capacity = CAPACITY }: AsyncSpec<never, unknown, unknown>,
): void {
  if (typeof call !== 'function') {
    throw new Error(
      `Cannot add ${where}: its "call" is ${typeof call}; give a function that answers a promise`,
    );
  }
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new Error(
      `Cannot add ${where}: its capacity is ${capacity}; give the number of calls that may be open at once, at least 1`,
    );
  }
  if (order !== undefined && order !== 'ordered' && order !== 'unordered') {
    throw new Error(`Cannot add ${where}: its order is "${String(order)}"; give "ordered" or "unordered"`);
  }
}

function retryOf<R>(
  where: string,
  { attempts, delay, backoff = 1, maxDelay, when }: RetrySpec<R>,
): CallRetry {
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new Error(
      `Cannot add ${where}: its retry has ${attempts} attempts; give how many calls a record may take, the first among them`,
    );
  }
  if (!(backoff >= 1)) {
    throw new Error(
      `Cannot add ${where}: the backoff of its retry is ${backoff}; give a factor of at least 1`,
    );
  }
  return {
    attempts,
    delayMs: ms(delay),
    backoff,
    ...(maxDelay === undefined ? {} : { maxDelayMs: ms(maxDelay) }),
    ...(when === undefined ? {} : { when }),
  };
}
