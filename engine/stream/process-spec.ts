import type { Key } from '../data/key-groups.ts';
import type { Infer, Schema, Schemas } from '../data/schema.ts';
import type { TimerHandle } from '../operators/function-scope.ts';
import type { Cell, Cells, OperatorCells } from './state-cells.ts';

/** No cells, no side outputs: an object without known fields. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- an index signature would allow every name
export type None = Record<never, never>;

/** What a handler reads and writes, by the names of the declaration. */
export type OpenCells<S> = { readonly [N in keyof S]: S[N] extends Cell<infer A> ? A : never };

/** What every handler may do. */
export interface OutputContext<Out, O> {
  /** Event time of the record, or the time of the timer; ms. */
  readonly time: number;
  /** Every record up to this time has come; later ones are late. */
  readonly watermark: number;
  /** Processing time, ms. Use it instead of `Date.now()`. */
  now(this: void): number;
  /** Use it instead of `Math.random()`. */
  random(this: void): number;
  emit(this: void, value: Out): void;
  side<N extends keyof O>(this: void, output: N, value: Infer<O[N]>): void;
}

/** What a handler of a keyed stream may do. */
export interface KeyedContext<K, Out, S, O, T extends string> extends OutputContext<Out, O> {
  /** Whose record or timer this is; state and timers are those of this key. */
  readonly key: K;
  readonly state: OpenCells<S>;
  readonly timers: { readonly [N in T]: TimerHandle };
}

/** What a function with keys declares beside its handlers of records, whatever inputs it has. */
export interface KeyedFunctionSpec<K extends Key, Out, S extends Cells, O extends Schemas, T extends string> {
  readonly output: Schema<Out>;
  /** Side outputs by name; they come back as `stream.sides`. */
  readonly outputs?: O;
  readonly state?: S;
  /** Timers of event time by name. */
  readonly timers?: readonly T[];
  /** Timers of processing time by name. */
  readonly processingTimers?: readonly T[];
  onTimer?(this: void, timer: T, ctx: KeyedContext<K, Out, S, O, T>): undefined;
}

/**
 * A process function over a keyed stream.
 *
 * Contract: handlers are synchronous and return undefined, so that TypeScript refuses `async`. They keep what they
 * must remember in `ctx.state` and nowhere else.
 */
export interface KeyedProcessSpec<
  In,
  K extends Key,
  Out,
  S extends Cells,
  O extends Schemas,
  T extends string,
> extends KeyedFunctionSpec<K, Out, S, O, T> {
  onRecord(this: void, record: In, ctx: KeyedContext<K, Out, S, O, T>): undefined;
}

/** What a handler of a stream without keys may do. */
export interface UnkeyedContext<Out, S, O> extends OutputContext<Out, O> {
  /** State of this subtask. */
  readonly state: OpenCells<S>;
}

/** A process function over a stream without keys: it has state of its subtasks, and no timers. */
export interface ProcessSpec<In, Out, S extends OperatorCells, O extends Schemas> {
  readonly output: Schema<Out>;
  readonly outputs?: O;
  /** Made by `operatorList`. */
  readonly state?: S;
  onRecord(this: void, record: In, ctx: UnkeyedContext<Out, S, O>): undefined;
}
