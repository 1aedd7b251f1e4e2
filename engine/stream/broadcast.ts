import type { Key } from '../data/key-groups.ts';
import type { Schema, Schemas } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import type { BroadcastReader } from '../state/broadcast-state.ts';
import type { StateDeclaration } from '../state/declaration.ts';
import type { MapState } from '../state/map-state.ts';
import type { AddFunction, TwoInputs } from './connected-streams.ts';
import { checkStateNames, type DeclaredFunction, functionNode, type FunctionPlace } from './function-node.ts';
import type { NewNode } from './graph-builder.ts';
import type {
  KeyedContext,
  KeyedFunctionSpec,
  None,
  OpenCells,
  OutputContext,
  UnkeyedContext,
} from './process-spec.ts';
import { type Cell, type Cells, type OperatorCells, declareCells } from './state-cells.ts';
import type { Sides, StreamWithSides } from './stream.ts';

/** Broadcast state by name: cells made by `map`. */
export type BroadcastMaps = Readonly<Record<string, Cell<{ has(key: never): boolean }>>>;

/** Broadcast maps as `onBroadcast` finds them. */
export type OpenMaps<M> = {
  readonly [N in keyof M]: M[N] extends Cell<MapState<infer K, infer V>> ? MapState<K, V> : never;
};

/** Broadcast maps as handlers of records find them. */
export type MapReaders<M> = {
  readonly [N in keyof M]: M[N] extends Cell<MapState<infer K, infer V>> ? BroadcastReader<K, V> : never;
};

/** What handlers of records have beside. */
export interface ReadsBroadcast<M> {
  /** The broadcast maps, for reading: only `onBroadcast` changes them. */
  readonly broadcast: MapReaders<M>;
}

/** What a handler of broadcast records may do. */
export interface BroadcastContext<Out, O, M> extends OutputContext<Out, O> {
  /** The copy of this subtask. Change it by the record alone, so that all copies stay the same. */
  readonly broadcast: OpenMaps<M>;
}

/** What a handler of broadcast records may do where the first stream is keyed. */
export interface KeyedBroadcastContext<K, Out, S, O, M> extends BroadcastContext<Out, O, M> {
  /** Calls `visit` for every key of this subtask that has this cell, in no order; it may change the cell and emit. */
  forEachKey<N extends keyof S & string>(
    this: void,
    cell: N,
    visit: (key: K, cell: OpenCells<S>[N]) => undefined,
  ): void;
}

/** A function over a stream without keys and a broadcast one. */
export interface BroadcastSpec<T, B, M, Out, S extends OperatorCells, O extends Schemas> {
  readonly output: Schema<Out>;
  readonly outputs?: O;
  /** Made by `operatorList`; only `onRecord` has it. */
  readonly state?: S;
  onRecord(this: void, record: T, ctx: UnkeyedContext<Out, S, O> & ReadsBroadcast<M>): undefined;
  /** Called in every subtask with every broadcast record. */
  onBroadcast(this: void, record: B, ctx: BroadcastContext<Out, O, M>): undefined;
}

/** A function over a keyed stream and a broadcast one. Timers and cells belong to the keyed side. */
export interface KeyedBroadcastSpec<
  T,
  B,
  M,
  K extends Key,
  Out,
  S extends Cells,
  O extends Schemas,
  N extends string,
> extends Omit<KeyedFunctionSpec<K, Out, S, O, N>, 'onTimer'> {
  onRecord(this: void, record: T, ctx: KeyedContext<K, Out, S, O, N> & ReadsBroadcast<M>): undefined;
  /** Called in every subtask with every broadcast record. */
  onBroadcast(this: void, record: B, ctx: KeyedBroadcastContext<K, Out, S, O, M>): undefined;
  onTimer?(this: void, timer: N, ctx: KeyedContext<K, Out, S, O, N> & ReadsBroadcast<M>): undefined;
}

/** A stream of which every subtask of its reader is given all records, to keep them in broadcast state. */
export class BroadcastStream<B, M extends BroadcastMaps> {
  /** Exists in types only. */
  declare readonly '~record': B;
  readonly edge: DataflowEdge;
  readonly maps: M;

  constructor(edge: DataflowEdge, maps: M) {
    this.edge = { from: edge.from, output: edge.output, exchange: 'broadcast' };
    this.maps = maps;
  }
}

/** A stream without keys and a broadcast one, waiting for their function. */
export class BroadcastConnected<T, B, M extends BroadcastMaps> {
  readonly #inputs: TwoInputs;
  readonly #maps: M;
  readonly #add: AddFunction;

  constructor(first: DataflowEdge, broadcast: BroadcastStream<B, M>, add: AddFunction) {
    this.#inputs = [first, broadcast.edge];
    this.#maps = broadcast.maps;
    this.#add = add;
  }

  /**
   * A function over both. The name is the identity of the broadcast state.
   *
   * Example: `payments.connect(rules.broadcast({ … })).process('check', { output: Alert, onRecord: …, onBroadcast: … })`.
   */
  process<Out, const S extends OperatorCells = None, const O extends Schemas = None>(
    name: string,
    spec: BroadcastSpec<T, B, M, Out, S, O>,
  ): StreamWithSides<Out, Sides<O>> {
    const place = { name, inputs: this.#inputs, keyed: false };
    return this.#add(broadcastNode(spec, { ...place, maps: this.#maps }));
  }
}

/** A keyed stream and a broadcast one, waiting for their function. */
export class KeyedBroadcastConnected<T, B, K extends Key, M extends BroadcastMaps> {
  readonly #inputs: TwoInputs;
  readonly #maps: M;
  readonly #add: AddFunction;

  constructor(first: DataflowEdge, broadcast: BroadcastStream<B, M>, add: AddFunction) {
    this.#inputs = [first, broadcast.edge];
    this.#maps = broadcast.maps;
    this.#add = add;
  }

  /**
   * A function over both, with state and timers per key of the first. The name is the identity of all its state.
   *
   * Example:
   * ```ts
   * const rules = source('rules', …).broadcast({ limits: map(t.string, t.double) });
   * payments.keyBy((p) => p.card).connect(rules).process('check', {
   *   output: Alert,
   *   onRecord(payment, ctx) {
   *     if (payment.amount > (ctx.broadcast.limits.get(payment.country) ?? Infinity)) ctx.emit({ … });
   *   },
   *   onBroadcast(rule, ctx) { ctx.broadcast.limits.set(rule.country, rule.limit); },
   * });
   * ```
   */
  process<Out, const S extends Cells = None, const O extends Schemas = None, const N extends string = never>(
    name: string,
    spec: KeyedBroadcastSpec<T, B, M, K, Out, S, O, N>,
  ): StreamWithSides<Out, Sides<O>> {
    const place = { name, inputs: this.#inputs, keyed: true };
    return this.#add(broadcastNode(spec, { ...place, maps: this.#maps }));
  }
}

type BroadcastFunction = DeclaredFunction & {
  readonly onRecord: (record: never, context: never) => unknown;
  readonly onBroadcast: (record: never, context: never) => unknown;
};

type BroadcastPlace = Pick<FunctionPlace, 'name' | 'inputs' | 'keyed'> & { readonly maps: BroadcastMaps };

function broadcastNode(spec: BroadcastFunction, { maps, ...place }: BroadcastPlace): NewNode {
  const { onRecord, onBroadcast } = spec;
  const node = functionNode(spec, {
    ...place,
    handlers: { onRecord, onBroadcast },
    define: (common) => ({ ...common, kind: 'broadcast-process', onRecord, onBroadcast }),
  });
  return { ...node, state: [...(node.state ?? []), ...declareMaps(place.name, maps, spec.state ?? {})] };
}

function declareMaps(name: string, maps: BroadcastMaps, cells: object): StateDeclaration[] {
  checkStateNames(`broadcast-process "${name}"`, Object.keys(maps));
  return declareCells(maps).map((declaration) => {
    const { name: map, kind, ttlMs } = declaration;
    const refuse = (reason: string): never => {
      throw new Error(`Cannot add broadcast-process "${name}": broadcast state "${map}" ${reason}`);
    };
    if (kind !== 'map') refuse(`is a ${kind}; declare it as map(key, value)`);
    if (ttlMs !== undefined) {
      refuse(
        'has a time to live, and the clocks of subtasks differ; remove entries in "onBroadcast" instead',
      );
    }
    if (map in cells) refuse('has the name of a cell in "state"; call one of them otherwise');
    return { ...declaration, kind: 'broadcast' };
  });
}
