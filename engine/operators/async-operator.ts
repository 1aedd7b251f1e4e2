import type { Key } from '../data/key-groups.ts';
import { textsMayPin } from '../data/unpinned-string.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import { AsyncCall, type AsyncElement, AsyncWatermark } from './async-call.ts';
import { AsyncCallsTable } from './async-calls-table.ts';
import { type AsyncQueue, OrderedQueue, UnorderedQueue } from './async-queue.ts';
import type { ChainNode } from './chain.ts';
import type { Emit } from './chain-links.ts';
import { OperatorError, previewRecord } from './operator-error.ts';
import type { AsyncDefinition, CallContext, CallOutcome } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import { mayRetry, nextDelay } from './async-retry.ts';
import type { PacingOperator } from './stateful-operator.ts';

/** Elements that leave in one piece of work, so that nobody else waits for long. */
const ELEMENTS_PER_WORK = 256;

/** A change of idleness that found others waiting before it. */
interface WaitingIdleness {
  readonly kind: 'idleness';
  readonly idle: boolean;
}

/**
 * Makes calls to the outside world, `capacity` at once, and hands on their answers with the time of their records.
 *
 * Contract: what finds it full waits inside, and `blocked` keeps more away; so it holds its capacity and one batch.
 * A record is state until its answers have left, and is called again after a restore. Answers are taken in whenever
 * they come and leave in `work` only; one that nobody waits for any more is dropped. The first error that is not
 * retried fails the operator at once, whatever is open before it.
 * Source: Flink's `AsyncWaitOperator`.
 */
export class AsyncOperator implements PacingOperator {
  readonly tables: readonly SnapshotTable[];
  readonly currentKey = undefined;
  readonly #node: ChainNode;
  readonly #definition: AsyncDefinition;
  readonly #host: OperatorHost;
  readonly #emit: Emit;
  readonly #table: AsyncCallsTable;
  readonly #queue: AsyncQueue<AsyncElement>;
  /** First in, first out: begins at `#firstWaiting`. */
  #waiting: (AsyncElement | WaitingIdleness)[] = [];
  #firstWaiting = 0;
  /** Calls that are not done, by age. */
  readonly #unanswered = new Set<AsyncCall>();
  #answered: AsyncCall[] = [];
  /** What came out of a snapshot and has not left. */
  readonly #restored = new Set<AsyncElement>();
  /** The input has become idle, and that is not handed on yet. */
  #idlenessHeld = false;
  #closed = false;

  constructor(node: ChainNode, definition: AsyncDefinition, host: OperatorHost) {
    // Replies of services are texts that functions cut.
    textsMayPin();
    this.#node = node;
    this.#definition = definition;
    this.#host = host;
    this.#emit = host.emitter('main');
    this.#table = new AsyncCallsTable(node.state[0]?.schema, host);
    this.tables = [this.#table];
    this.#queue = definition.order === 'ordered' ? new OrderedQueue() : new UnorderedQueue();
  }

  get blocked(): boolean {
    return this.#firstWaiting < this.#waiting.length;
  }

  get drained(): boolean {
    return this.#queue.size === 0 && !this.blocked;
  }

  process(value: unknown, time: number, _key: Key | undefined): void {
    this.#put(new AsyncCall(value, time));
  }

  advance(watermark: number): void {
    this.#put(new AsyncWatermark(watermark));
    this.#handOn();
  }

  idle(idle: boolean): void {
    if (this.blocked) {
      this.#waiting.push({ kind: 'idleness', idle });
    } else {
      this.#passIdleness(idle);
    }
  }

  /** Makes retries and ends calls whose time is over, in the order in which they are due. */
  tick(now: number): void {
    const due = [...this.#unanswered]
      .map((call) => ({ call, at: dueAt(call, now) }))
      .filter(({ at }) => at <= now)
      .sort((left, right) => left.at - right.at);
    for (const { call } of due) {
      if (call.deadline <= now) {
        this.#timeOut(call);
      } else {
        this.#call(call);
      }
    }
  }

  work(): boolean {
    const answered = this.#answered;
    this.#answered = [];
    for (const call of answered) {
      this.#judge(call);
    }
    return this.#handOn() || answered.length > 0;
  }

  restored(): void {
    for (const element of this.#table.takeRestored()) {
      this.#restored.add(element);
      this.#put(element);
    }
    // What may leave at once does so in `work`: the operators behind this one are not open yet.
    this.#host.wake();
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#unanswered) {
      call.abort(new Error(`Operator "${this.#node.name}" was closed`));
    }
  }

  #put(element: AsyncElement): void {
    this.#table.add(element);
    if (this.blocked || this.#queue.size >= this.#definition.capacity) {
      this.#waiting.push(element);
    } else {
      this.#enter(element);
    }
  }

  #enter(element: AsyncElement): void {
    this.#queue.put(element);
    if (element.kind === 'call') {
      const { timeoutMs } = this.#definition;
      element.deadline = timeoutMs === undefined ? Infinity : this.#host.clock.now() + timeoutMs;
      this.#unanswered.add(element);
      this.#call(element);
    }
  }

  /** Lets in what waits, as far as there is room. */
  #admit(): void {
    for (let next = this.#nextWaiting(); next !== undefined; next = this.#nextWaiting()) {
      this.#firstWaiting++;
      if (next.kind === 'idleness') {
        this.#passIdleness(next.idle);
      } else {
        this.#enter(next);
      }
    }
    if (!this.blocked && this.#firstWaiting > 0) {
      this.#waiting = [];
      this.#firstWaiting = 0;
    }
  }

  #nextWaiting(): AsyncElement | WaitingIdleness | undefined {
    const next = this.#waiting[this.#firstWaiting];
    return next?.kind === 'idleness' || this.#queue.size < this.#definition.capacity ? next : undefined;
  }

  #call(call: AsyncCall): void {
    call.attempt++;
    call.state = 'open';
    const answer = (outcome: CallOutcome<unknown>): void => this.#answer(call, outcome);
    // The graph joins only what fits, so the function takes the records that come here.
    const ask = this.#definition.call as (value: unknown, context: CallContext) => unknown;
    let promise: unknown;
    try {
      promise = ask(call.value, call);
    } catch (error) {
      answer({ error });
      return;
    }
    Promise.resolve(promise).then(
      (result) => answer({ result }),
      (error: unknown) => answer({ error }),
    );
  }

  /** Told when a call ends, at any time. From now on it cannot time out. */
  #answer(call: AsyncCall, outcome: CallOutcome<unknown>): void {
    if (this.#closed || call.state !== 'open') {
      return;
    }
    call.state = 'answered';
    call.outcome = outcome;
    this.#answered.push(call);
    this.#host.wake();
  }

  #judge(call: AsyncCall): void {
    const { retry } = this.#definition;
    const { outcome } = call;
    if (outcome === undefined) {
      return;
    }
    call.outcome = undefined;
    if (retry !== undefined && this.#guard(call, () => mayRetry(retry, call.attempt, outcome))) {
      call.state = 'delayed';
      call.delayMs = nextDelay(retry, call);
      call.retryAt = this.#host.clock.now() + call.delayMs;
      return;
    }
    if ('error' in outcome) {
      throw this.#failure(call, outcome.error);
    }
    this.#complete(call, outcome.result);
  }

  #timeOut(call: AsyncCall): void {
    const { timeoutMs = 0, onTimeout } = this.#definition;
    const error = new Error(
      `the call was not answered within ${timeoutMs} ms${call.attempt > 1 ? ` and ${call.attempt} attempts` : ''}; give a longer "timeout", or answers by "onTimeout"`,
    );
    call.abort(error);
    if (onTimeout === undefined) {
      throw this.#failure(call, error);
    }
    const instead = onTimeout as (value: unknown) => unknown; // as above
    this.#complete(
      call,
      this.#guard(call, () => instead(call.value)),
    );
    this.#host.wake();
  }

  #complete(call: AsyncCall, result: unknown): void {
    call.results = this.#definition.many ? this.#guard(call, () => allOf(result)) : [result];
    call.state = 'done';
    this.#unanswered.delete(call);
    this.#queue.completed(call);
  }

  /** Lets out what may leave; true when something did. */
  #handOn(): boolean {
    let left = 0;
    this.#admit();
    for (; left < ELEMENTS_PER_WORK; left++) {
      const element = this.#queue.take();
      if (element === undefined) {
        break;
      }
      this.#leave(element);
      this.#admit();
    }
    return left > 0;
  }

  #leave(element: AsyncElement): void {
    this.#table.remove(element);
    if (element.kind === 'watermark') {
      this.#host.time.watermark(element.time);
    } else {
      for (const result of element.results) {
        this.#emit(result, element.time);
      }
    }
    if (this.#restored.delete(element) && this.#restored.size === 0 && this.#idlenessHeld) {
      this.#passIdleness(true);
    }
  }

  /**
   * Idleness overtakes calls, as in Flink; those of a snapshot alone must not come late, since the input that is idle
   * here need not be theirs: at another parallelism they may be those of any subtask.
   */
  #passIdleness(idle: boolean): void {
    const told = !this.#idlenessHeld;
    this.#idlenessHeld = idle && this.#restored.size > 0;
    // Who was never told that the input is idle need not hear that it is active.
    if (idle ? !this.#idlenessHeld : told) {
      this.#host.time.idle(idle);
    }
  }

  /** Runs a user's function over a call; its error names the record. */
  #guard<R>(call: AsyncCall, run: () => R): R {
    try {
      return run();
    } catch (error) {
      throw this.#failure(call, error);
    }
  }

  #failure(call: AsyncCall, cause: unknown): OperatorError {
    return new OperatorError(this.#node.name, {
      cause,
      record: previewRecord(call.value),
      value: call.value,
      outside: true,
    });
  }
}

/** When something is to be done for a call; where its time is over, a retry is not worth while. */
function dueAt({ state, deadline, retryAt }: AsyncCall, now: number): number {
  switch (state) {
    case 'open':
      return deadline;
    case 'delayed':
      return deadline <= now ? deadline : retryAt;
    default:
      return Infinity;
  }
}

function allOf(result: unknown): readonly unknown[] {
  if (typeof result !== 'object' || result === null || !(Symbol.iterator in result)) {
    throw new TypeError(
      `the call answered ${result === null ? 'null' : `a value of type ${typeof result}`}; asyncFlatMap takes an array or another iterable of records`,
    );
  }
  return [...(result as Iterable<unknown>)]; // as just seen
}
