import type { Key } from '../data/key-groups.ts';
import { MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';
import type { StateDeclaration } from '../state/declaration.ts';
import type { KeyScope } from '../state/key-scope.ts';
import { ListTable } from '../state/list-state.ts';
import { MapTable } from '../state/map-state.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import { type Timer, TimerQueue } from '../state/timer-queue.ts';
import { ValueTable } from '../state/value-state.ts';
import type { ChainNode } from './chain.ts';
import { isOperatorError, OperatorError } from './operator-error.ts';
import type { ProcessDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/** A timer of the current key, as a handler sees it. */
export interface TimerHandle {
  /** Sets this key's only timer of that name, in place of one that waits. Times at or below now fire at the next advance. */
  set(time: number): void;
  /** Sets one more; the same time twice is one timer. */
  add(time: number): void;
  /** Takes back all timers of that name, or the one at `time`. */
  cancel(time?: number): void;
}

type Handler = (first: unknown, context: ProcessOperator['context']) => unknown;

/** State names of the two timer queues in snapshots. */
const EVENT_TIMERS = 'timers';
const PROCESSING_TIMERS = 'processing-timers';

/**
 * A user's process function. A record that it emits while it handles a record has that record's time; from an
 * event-time timer the timer's time; from a processing-time timer none. Source: Flink's `KeyedProcessOperator`.
 */
export class ProcessOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  /** One object for all calls; its fields change with every record. */
  readonly context;
  readonly #node: ChainNode;
  readonly #onRecord: Handler;
  readonly #onTimer: Handler;
  readonly #scope: KeyScope;
  readonly #keyed: boolean;
  readonly #eventTimers = new TimerQueue(EVENT_TIMERS);
  readonly #processingTimers = new TimerQueue(PROCESSING_TIMERS);
  #outputTime = NO_TIME;

  constructor(node: ChainNode, definition: ProcessDefinition, host: OperatorHost) {
    this.#node = node;
    // The graph joins only what fits, so the handlers take what this operator is given.
    this.#onRecord = definition.onRecord as Handler;
    this.#onTimer = (definition.onTimer ?? (() => undefined)) as Handler;
    this.#keyed = definition.keyed;
    this.#scope = { key: '', clock: host.clock };
    const cells = node.state.map(
      (declaration) => [declaration.name, cellOf(declaration, this.#scope)] as const,
    );
    this.tables = [...cells.map(([, table]) => table), this.#eventTimers, this.#processingTimers];
    this.context = {
      key: undefined as Key | undefined,
      time: NO_TIME,
      watermark: MIN_WATERMARK,
      now: () => host.clock.now(),
      random: () => host.random(),
      state: Object.fromEntries(cells),
      timers: Object.fromEntries([
        ...definition.timers.map((name) => [name, this.#handle(name, this.#eventTimers)] as const),
        ...definition.processingTimers.map(
          (name) => [name, this.#handle(name, this.#processingTimers)] as const,
        ),
      ]),
      ...this.#outputs(definition, host),
    };
  }

  get currentKey(): Key | undefined {
    return this.context.key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#enter(key, time, time);
    const result = this.#onRecord(value, this.context);
    if (result !== undefined) {
      refuseResult(result, 'onRecord');
    }
  }

  advance(watermark: number): void {
    this.context.watermark = watermark;
    this.#eventTimers.advance(watermark, (timer) => this.#fire(timer, timer.time));
  }

  tick(now: number): void {
    this.#processingTimers.advance(now, (timer) => this.#fire(timer, NO_TIME));
  }

  restored(): void {
    // Due timers fire with the next watermark and the next tick.
  }

  #enter(key: Key | undefined, time: number, outputTime: number): void {
    this.context.key = key;
    this.context.time = time;
    this.#outputTime = outputTime;
    if (this.#keyed) {
      this.#scope.key = checkedKey(key);
    }
  }

  #fire(timer: Timer, outputTime: number): void {
    this.#enter(timer.key, timer.time, outputTime);
    try {
      const result = this.#onTimer(timer.name, this.context);
      if (result !== undefined) {
        refuseResult(result, 'onTimer');
      }
    } catch (cause) {
      throw isOperatorError(cause) ? cause : this.#timerError(timer, cause);
    }
  }

  #timerError(timer: Timer, cause: unknown): OperatorError {
    const record = `timer "${timer.name}" at ${timer.time}`;
    return new OperatorError(this.#node.name, { cause, record, key: String(timer.key) });
  }

  #handle(name: string, queue: TimerQueue): TimerHandle {
    const scope = this.#scope;
    return {
      set: (time) => {
        queue.cancel(scope.key, name);
        queue.set(scope.key, name, checkedTime(name, time));
      },
      add: (time) => queue.set(scope.key, name, checkedTime(name, time)),
      cancel: (time) => queue.cancel(scope.key, name, time),
    };
  }

  #outputs(
    definition: ProcessDefinition,
    host: OperatorHost,
  ): { emit(value: unknown): void; side(name: string, value: unknown): void } {
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
        emit(value, this.#outputTime);
      },
    };
  }
}

function cellOf(declaration: StateDeclaration, scope: KeyScope): SnapshotTable {
  switch (declaration.kind) {
    case 'map':
      return new MapTable(declaration, scope);
    case 'list':
      return new ListTable(declaration, scope);
    default:
      return new ValueTable(declaration, scope);
  }
}

/** A key must be a primitive that hashes the same everywhere. */
export function checkedKey(key: unknown): Key {
  switch (typeof key) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return key;
    default:
      throw new Error(
        `keyBy gave ${key === null ? 'null' : `a value of type ${typeof key}`}; a key must be a string, number, boolean or bigint`,
      );
  }
}

function checkedTime(name: string, time: number): number {
  if (!Number.isFinite(time)) {
    throw new Error(`Cannot set timer "${name}" to ${time}: give a time in ms since 1970`);
  }
  return time;
}

function refuseResult(result: unknown, handler: string): void {
  if (typeof result === 'object' && result !== null && 'then' in result) {
    throw new Error(
      `${handler} returned a promise; handlers are synchronous, since state and barriers do not wait for promises`,
    );
  }
}
