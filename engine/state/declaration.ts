import type { DataType, Schema } from '../data/schema.ts';

/** The ways in which an operator keeps state; `calls`, `matches`, `waiting`, `windows`, `join-buffer` and `timers` are the engine's own. */
export type StateKind =
  | 'value'
  | 'map'
  | 'list'
  | 'reducing'
  | 'aggregating'
  | 'operator-list'
  | 'broadcast'
  | 'join-buffer'
  | 'calls'
  | 'matches'
  | 'waiting'
  | 'windows'
  | 'timers';

/** What begins a value's time to live anew. */
export type TtlUpdate = 'on-write' | 'on-read-and-write';

/** Whether a value that has expired may still be read. */
export type TtlVisibility = 'never-expired' | 'until-cleaned-up';

/** How a cell sums up what is added to it; plain functions, which must keep nothing for themselves. */
export interface AccumulatorFunctions<Acc, In, Out> {
  /** A new accumulator. */
  init(): Acc;
  /** The accumulator with one value more; may change `accumulator` and return it. */
  add(accumulator: Acc, value: In): Acc;
  /** Must not change the accumulator. */
  result(accumulator: Acc): Out;
}

/**
 * A program's own way from values of an older type, for state whose type of then no rule turns into that of now. State of
 * exactly that type always takes it.
 */
export interface Migration {
  readonly from: DataType;
  /** Given a value of that type; must keep and change nothing else. */
  readonly convert: (value: unknown) => unknown;
}

/**
 * A state cell as declared: known before the first record, so that two versions can be compared without running them.
 *
 * Contract: its identity is (operator name, `name`). Units: `ttlMs` in ms of processing time since the last write.
 * Functions are never written to a snapshot; the program that restores it brings its own.
 */
export interface StateDeclaration {
  readonly name: string;
  readonly kind: StateKind;
  readonly schema: Schema;
  /** Of the map keys; only where `kind` is `map` or `broadcast`. */
  readonly keySchema?: Schema;
  /** Of values, list elements, map values and accumulators. */
  readonly migrations?: readonly Migration[];
  readonly ttlMs?: number;
  /** Default `on-write`. */
  readonly ttlUpdate?: TtlUpdate;
  /** Default `never-expired`. */
  readonly ttlVisibility?: TtlVisibility;
  /** Only where `kind` is `reducing`. */
  readonly reduce?: (left: never, right: never) => unknown;
  /** Only where `kind` is `aggregating`; `schema` is that of the accumulator. */
  readonly aggregate?: {
    readonly init: () => unknown;
    readonly add: (accumulator: never, value: never) => unknown;
    readonly result: (accumulator: never) => unknown;
  };
  /** Who gets the elements when a job starts from a snapshot; only where `kind` is `operator-list`. */
  readonly restore?: 'split' | 'union';
}
