import type { Key } from '../data/key-groups.ts';
import { keyText } from '../data/keys.ts';
import { MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';
import { KeyRows } from '../state/key-rows.ts';
import type { KeyScope } from '../state/key-scope.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import { type Timer, TimerQueue } from '../state/timer-queue.ts';
import type { ChainNode } from './chain.ts';
import { isOperatorError, OperatorError } from './operator-error.ts';
import type { FunctionDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import { onlyDeclared } from './only-declared.ts';
import { cellOf } from './state-cell.ts';

/** A timer of the current key, as a handler sees it. */
export interface TimerHandle {
  /** Sets this key's only timer of that name, in place of one that waits. Times at or below now fire at the next advance. */
  set(time: number): void;
  /** Sets one more; the same time twice is one timer. */
  add(time: number): void;
  /** Takes back all timers of that name, or the one at `time`. */
  cancel(time?: number): void;
}

/** A user's handler: of a record, or of a timer by its name. */
export type Handler = (first: unknown, context: FunctionContext) => unknown;

/** What handlers see; one object for all calls, whose fields change with every record. */
export interface FunctionContext {
  key: Key | undefined;
  time: number;
  watermark: number;
  now(this: void): number;
  random(this: void): number;
  readonly state: Readonly<Record<string, SnapshotTable>>;
  readonly timers: Readonly<Record<string, TimerHandle>>;
  emit(this: void, value: unknown): void;
  side(this: void, name: string, value: unknown): void;
}

/** State names of the two timer queues in snapshots. */
export const EVENT_TIMERS = 'timers';
export const PROCESSING_TIMERS = 'processing-timers';

/**
 * What a user's function works in: the key at work with its cells and timers, and the ways out. Functions of one
 * input, of two, and of a broadcast have the same one.
 *
 * A record that is emitted while a record is handled has that record's time; from an event-time timer the timer's
 * time; from a processing-time timer none, on a side output the timer's. Source: Flink's `KeyedProcessOperator`.
 */
export class FunctionScope {
  readonly context: FunctionContext;
  /** Everything that the function remembers. */
  readonly tables: readonly SnapshotTable[];
  readonly #node: ChainNode;
  readonly #onTimer: Handler;
  readonly #keys: KeyScope;
  readonly #keyed: boolean;
  readonly #eventTimers: TimerQueue;
  readonly #processingTimers: TimerQueue;
  #outputTime = NO_TIME;

  constructor(node: ChainNode, definition: FunctionDefinition, host: OperatorHost) {
    this.#node = node;
    // The graph joins only what fits, so the handler takes what this operator gives it.
    this.#onTimer = (definition.onTimer ?? (() => undefined)) as Handler;
    this.#keyed = definition.keyed;
    this.#keys = keyScope(node, definition, host);
    this.#eventTimers = new TimerQueue(EVENT_TIMERS, this.#keys.rows);
    this.#processingTimers = new TimerQueue(PROCESSING_TIMERS, this.#keys.rows);
    const cells = node.state.map(
      (declaration) => [declaration.name, cellOf(declaration, this.#keys)] as const,
    );
    this.tables = [...cells.map(([, table]) => table), this.#eventTimers, this.#processingTimers];
    this.context = {
      key: undefined,
      time: NO_TIME,
      watermark: MIN_WATERMARK,
      now: () => host.clock.now(),
      random: () => host.random(),
      state: onlyDeclared(Object.fromEntries(cells), undeclaredState),
      timers: onlyDeclared(this.#handles(definition), this.#keyed ? undeclaredTimer : timerWithoutKeys),
      ...this.#outputs(definition, host),
    };
  }

  /** A record comes; `key` where its input is keyed. */
  enter(key: Key | undefined, time: number): void {
    this.#enter(key, time, time);
  }

  /** A record comes by an input without keys, of a function that has keys otherwise: no key is at work. */
  enterWithoutKey(time: number): void {
    this.context.key = undefined;
    this.context.time = time;
    this.#outputTime = time;
  }

  /** Does something in the scope of another key, at the time of the record at work. */
  switchKey(key: Key): void {
    this.context.key = key;
    this.#keys.key = key;
  }

  advance(watermark: number): void {
    this.context.watermark = watermark;
    this.#eventTimers.advance(watermark, (timer) => this.#fire(timer, timer.time));
  }

  tick(now: number): void {
    this.#processingTimers.advance(now, (timer) => this.#fire(timer, NO_TIME));
  }

  #enter(key: Key | undefined, time: number, outputTime: number): void {
    this.context.key = key;
    this.context.time = time;
    this.#outputTime = outputTime;
    if (this.#keyed) {
      this.#keys.key = key as Key; // a chain proves the keys of its input
    }
  }

  #fire(timer: Timer, outputTime: number): void {
    this.#enter(timer.key, timer.time, outputTime);
    try {
      refuseResult(this.#onTimer(timer.name, this.context), 'onTimer');
    } catch (cause) {
      throw isOperatorError(cause) ? cause : this.#timerError(timer, cause);
    }
  }

  #timerError(timer: Timer, cause: unknown): OperatorError {
    const record = `timer "${timer.name}" at ${timer.time}`;
    return new OperatorError(this.#node.name, { cause, record, key: keyText(timer.key) });
  }

  #handles({ timers, processingTimers }: FunctionDefinition): Readonly<Record<string, TimerHandle>> {
    return Object.fromEntries([
      ...timers.map((name) => [name, this.#handle(name, this.#eventTimers)] as const),
      ...processingTimers.map((name) => [name, this.#handle(name, this.#processingTimers)] as const),
    ]);
  }

  #handle(name: string, queue: TimerQueue): TimerHandle {
    const keys = this.#keys;
    return {
      set: (time) => queue.replace(keys.key, name, checkedTime(name, time)),
      add: (time) => queue.set(keys.key, name, checkedTime(name, time)),
      cancel: (time) => queue.cancel(keys.key, name, time),
    };
  }

  #outputs(definition: FunctionDefinition, host: OperatorHost): Pick<FunctionContext, 'emit' | 'side'> {
    const main = host.emitter('main');
    const sides = new Map(definition.outputs.map((name) => [name, host.emitter(name)]));
    return {
      emit: (value) => main(value, this.#outputTime),
      side: (name, value) => {
        const emit = sides.get(name);
        if (emit === undefined) {
          throw new Error(
            `Cannot emit to side output "${name}": declare it in "outputs", which has ${[...sides.keys()].join(', ') || 'none'}`,
          );
        }
        emit(value, this.context.time);
      },
    };
  }
}

/** Tables share an index where there are several: with one alone it would cost and save nothing. */
function keyScope(
  { state }: ChainNode,
  { timers, processingTimers }: FunctionDefinition,
  { clock, backend }: OperatorHost,
): KeyScope {
  const tables = state.length + (timers.length > 0 ? 1 : 0) + (processingTimers.length > 0 ? 1 : 0);
  return { key: '', clock, backend, ...(tables > 1 ? { rows: new KeyRows() } : {}) };
}

function undeclaredState(name: string, declared: string): string {
  return `Cannot use state "${name}": declare it in "state", which has ${declared}`;
}

function undeclaredTimer(name: string, declared: string): string {
  return `Cannot use timer "${name}": declare it in "timers" or "processingTimers", which have ${declared}`;
}

function timerWithoutKeys(name: string): string {
  return `Cannot use timer "${name}": timers belong to keys, and the stream has none; use keyBy before`;
}

/** Handlers give nothing back; a promise would be lost. */
export function refuseResult(result: unknown, handler: string): void {
  if (typeof result === 'object' && result !== null && 'then' in result) {
    throw new Error(
      `${handler} returned a promise; handlers are synchronous, since state and barriers do not wait for promises`,
    );
  }
}

function checkedTime(name: string, time: number): number {
  if (!Number.isFinite(time)) {
    throw new Error(`Cannot set timer "${name}" to ${time}: give a time in ms since 1970`);
  }
  return time;
}
