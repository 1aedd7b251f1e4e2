import type { Key } from '../data/key-groups.ts';
import type { Schema, Schemas } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import { functionNode } from './function-node.ts';
import type { NewNode } from './graph-builder.ts';
import type { KeyedContext, KeyedFunctionSpec, None, UnkeyedContext } from './process-spec.ts';
import type { Cells, OperatorCells } from './state-cells.ts';
import type { Sides, StreamWithSides } from './stream.ts';

/** Adds an operator and gives the streams that leave it; whoever connects streams has it. */
export type AddFunction = <Out, S>(node: NewNode) => StreamWithSides<Out, S>;

/** The edges of two inputs, the first before the second. */
export type TwoInputs = readonly [first: DataflowEdge, second: DataflowEdge];

/** Refuses to connect streams of which one has keys and the other has not; types do so too. */
export function checkConnected(
  other: unknown,
  sort: abstract new (...parameters: never) => unknown,
  first: string,
): void {
  if (!(other instanceof sort)) {
    throw new Error(
      `Cannot connect another stream with ${first}: it must be like the first one, or a broadcast stream; use keyBy on both or on neither, or broadcast on the other`,
    );
  }
}

/** A function over two connected streams that has no keys: its handlers share the state of their subtask. */
export interface ConnectSpec<A, B, Out, S extends OperatorCells, O extends Schemas> {
  readonly output: Schema<Out>;
  readonly outputs?: O;
  /** Made by `operatorList`. */
  readonly state?: S;
  onFirst(this: void, record: A, ctx: UnkeyedContext<Out, S, O>): undefined;
  onSecond(this: void, record: B, ctx: UnkeyedContext<Out, S, O>): undefined;
}

/** A function over two connected keyed streams: both handlers read and write the same cells and timers of a key. */
export interface KeyedConnectSpec<
  A,
  B,
  K extends Key,
  Out,
  S extends Cells,
  O extends Schemas,
  N extends string,
> extends KeyedFunctionSpec<K, Out, S, O, N> {
  onFirst(this: void, record: A, ctx: KeyedContext<K, Out, S, O, N>): undefined;
  onSecond(this: void, record: B, ctx: KeyedContext<K, Out, S, O, N>): undefined;
}

/** Two streams of different records, waiting for the function that reads both. */
export class ConnectedStreams<A, B> {
  readonly #inputs: TwoInputs;
  readonly #add: AddFunction;

  constructor(inputs: TwoInputs, add: AddFunction) {
    this.#inputs = inputs;
    this.#add = add;
  }

  /**
   * A function over both streams. Its event time is the lower of both, idle ones left out.
   *
   * Example: `orders.connect(refunds).process('all', { output: Line, onFirst: …, onSecond: … })`.
   */
  process<Out, const S extends OperatorCells = None, const O extends Schemas = None>(
    name: string,
    spec: ConnectSpec<A, B, Out, S, O>,
  ): StreamWithSides<Out, Sides<O>> {
    const { onFirst, onSecond } = spec;
    return this.#add(
      functionNode(spec, {
        name,
        inputs: this.#inputs,
        keyed: false,
        handlers: { onFirst, onSecond },
        define: (common) => ({ ...common, kind: 'co-process', onFirst, onSecond }),
      }),
    );
  }
}

/** Two keyed streams, waiting for the function that keeps state of both under one key. */
export class KeyedConnectedStreams<A, B, K extends Key> {
  readonly #inputs: TwoInputs;
  readonly #add: AddFunction;

  constructor(inputs: TwoInputs, add: AddFunction) {
    this.#inputs = inputs;
    this.#add = add;
  }

  /**
   * A function over both streams, with state and timers per key. The name is the identity of its state.
   *
   * Example:
   * ```ts
   * orders.keyBy((o) => o.id).connect(payments.keyBy((p) => p.order)).process('settle', {
   *   output: Settled,
   *   state: { order: value(Order) },
   *   onFirst(order, ctx) { ctx.state.order.set(order); },
   *   onSecond(payment, ctx) { const order = ctx.state.order.get(); if (order) ctx.emit({ order, payment }); },
   * });
   * ```
   */
  process<Out, const S extends Cells = None, const O extends Schemas = None, const N extends string = never>(
    name: string,
    spec: KeyedConnectSpec<A, B, K, Out, S, O, N>,
  ): StreamWithSides<Out, Sides<O>> {
    const { onFirst, onSecond } = spec;
    return this.#add(
      functionNode(spec, {
        name,
        inputs: this.#inputs,
        keyed: true,
        handlers: { onFirst, onSecond },
        define: (common) => ({ ...common, kind: 'co-process', onFirst, onSecond }),
      }),
    );
  }
}
