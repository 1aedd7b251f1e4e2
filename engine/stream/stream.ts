/** Streams, keyed streams and windowed streams in one file, since each makes the others. */
import { isTransactional, type Sink } from '../connectors/connector.ts';
import type { Key } from '../data/key-groups.ts';
import type { Infer, Schemas } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import { sideOutputsOf } from '../graph/output-schema.ts';
import { transactionsState } from '../state/transactions-state.ts';
import { type AsyncSpec, asyncNode } from './async.ts';
import {
  BroadcastConnected,
  type BroadcastMaps,
  BroadcastStream,
  KeyedBroadcastConnected,
} from './broadcast.ts';
import {
  type AddFunction,
  checkConnected,
  ConnectedStreams,
  KeyedConnectedStreams,
} from './connected-streams.ts';
import { type AssignTimeSpec, assignTimeNode } from './event-time.ts';
import { processNode } from './function-node.ts';
import { type GraphBuilder, type NewNode, refuseAsync } from './graph-builder.ts';
import { type IntervalBounds, IntervalJoined, type JoinPlace } from './joins.ts';
import { type Match, matchNode, type MatchOptions } from './match.ts';
import type { Pattern } from './pattern.ts';
import type { KeyedProcessSpec, None, ProcessSpec } from './process-spec.ts';
import { recordSchema } from './record-schema.ts';
import {
  type Addable,
  type Comparable,
  fieldNode,
  type FieldOf,
  reduceNode,
  type ReducePlace,
  type TieOptions,
} from './reductions.ts';
import type { Cells, OperatorCells } from './state-cells.ts';
import type { WindowTiming } from './window-rows.ts';
import { WindowedStream } from './windowed-stream.ts';
import { CoGrouped, WindowJoined } from './window-joins.ts';
import type { Window } from './windows.ts';

/** A place where records leave an operator. */
export interface Output {
  readonly builder: GraphBuilder;
  readonly operator: string;
  readonly output: string;
  /** How records cross to the next operator, where that one does not say otherwise; `forward` when left out. */
  readonly exchange?: 'forward' | 'rebalance';
}

/** Streams of the side outputs, by name. */
export type Sides<O> = { readonly [N in keyof O]: Stream<Infer<O[N]>> };

/** A stream with side outputs. */
export type StreamWithSides<T, S> = Stream<T> & { readonly sides: S };

/** Matches of a pattern, with what ran out of time and what came too late. */
export type Matches<T, M> = StreamWithSides<
  Match<M>,
  { readonly timedOut: Stream<Partial<Match<M>>>; readonly late: Stream<T> }
>;

/**
 * Records of type `T` that will flow, once the graph runs. Its methods add operators and run nothing.
 *
 * A name comes first where it is the identity of state. Operators without state take it last and may go without one; it is
 * then derived, and a plan or console shows it.
 */
export class Stream<T> {
  /** Exists in types only. */
  declare readonly '~record': T;
  readonly #from: Output;

  constructor(from: Output) {
    this.#from = from;
  }

  /** Name of the operator that these records leave. */
  get operator(): string {
    return this.#from.operator;
  }

  /** One record for every record. Example: `payments.map((p) => ({ ...p, eur: p.amount * rates[p.currency] }))`. */
  map<O>(fn: (record: T) => O, name?: string): Stream<O> {
    const chosen = this.#name('map', name);
    refuseAsync(fn, `map "${chosen}"`);
    return this.#add({ kind: 'map', name: chosen, definition: { kind: 'map', map: fn } });
  }

  /** The records for which `fn` is true. Example: `payments.filter((p) => p.amount > 0)`. */
  filter<O extends T>(fn: (record: T) => record is O, name?: string): Stream<O>;
  filter(fn: (record: T) => boolean, name?: string): Stream<T>;
  filter(fn: (record: T) => boolean, name?: string): Stream<T> {
    const chosen = this.#name('filter', name);
    refuseAsync(fn, `filter "${chosen}"`);
    return this.#add({ kind: 'filter', name: chosen, definition: { kind: 'filter', filter: fn } });
  }

  /** Any number of records for every record. Example: `orders.flatMap((order) => order.lines)`. */
  flatMap<O>(fn: (record: T) => Iterable<O>, name?: string): Stream<O> {
    const chosen = this.#name('flat-map', name);
    refuseAsync(fn, `flatMap "${chosen}"`);
    return this.#add({ kind: 'flat-map', name: chosen, definition: { kind: 'flat-map', flatMap: fn } });
  }

  /**
   * The same records with event time of their own: watermarks from before end here.
   *
   * Example: `stream.assignTime({ time: (order) => order.paidAt, watermark: '10 seconds', idle: '1 minute' })`.
   */
  assignTime(spec: AssignTimeSpec<T>, name?: string): Stream<T> {
    return this.#add(assignTimeNode(this.#name('assign-time', name), spec));
  }

  /**
   * What a call of the outside world answers for every record, many calls at once.
   *
   * Example: `payments.asyncMap('risk', { output: Risk, call: (p, { signal }) => lookUp(p.card, signal), timeout: '5 seconds' })`.
   */
  asyncMap<Out>(name: string, spec: AsyncSpec<T, Out, Out>): Stream<Out> {
    return this.#add(asyncNode(spec, { name, records: recordSchema(this.#from), many: false }));
  }

  /**
   * As `asyncMap`, for calls that answer any number of records, which keep the time of theirs.
   *
   * Example: `users.asyncFlatMap('friends', { call: (user, { signal }) => friendsOf(user.id, signal) })`.
   */
  asyncFlatMap<Out>(name: string, spec: AsyncSpec<T, Out, Iterable<Out>>): Stream<Out> {
    return this.#add(asyncNode(spec, { name, records: recordSchema(this.#from), many: true }));
  }

  /** The records of all these streams. Its event time is that of the slowest. Example: `web.union(app, kiosk)`. */
  union(...others: readonly Stream<T>[]): Stream<T> {
    const inputs = [this, ...others].map((stream) => stream.#edge());
    return this.#add({ kind: 'union', name: this.#name('union'), inputs, definition: { kind: 'union' } });
  }

  /**
   * The same records, dealt out in turn to all subtasks of what follows: for few splits, or splits of very unequal load.
   *
   * Example: `clicks.rebalance().map(parse)`.
   */
  rebalance(): Stream<T> {
    return new Stream({ ...this.#from, exchange: 'rebalance' });
  }

  /**
   * The same records, by key: what follows keeps state per key. Records of one key stay in order.
   *
   * Example: `payments.keyBy((p) => [p.country, p.currency])`, whose key is a readonly tuple.
   */
  keyBy<const K extends Key>(key: (record: T) => K): KeyedStream<T, K> {
    refuseAsync(key, `keyBy after "${this.#from.operator}"`);
    return new KeyedStream(this.#from, key);
  }

  /**
   * A process function without keys: with side outputs, and state that belongs to its subtasks.
   *
   * Example: `payments.process('sort-out', { output: Payment, outputs: { odd: Payment }, onRecord(p, ctx) { … } })`.
   */
  process<Out, const S extends OperatorCells = None, const O extends Schemas = None>(
    name: string,
    spec: ProcessSpec<T, Out, S, O>,
  ): StreamWithSides<Out, Sides<O>> {
    return this.#add(processNode(spec, { name, inputs: [this.#edge()], keyed: false }));
  }

  /** This stream, and all records of another in every subtask. */
  connect<B, M extends BroadcastMaps>(other: BroadcastStream<B, M>): BroadcastConnected<T, B, M>;
  /** This stream and one of other records, for a function that reads both. */
  connect<B>(other: Stream<B>): ConnectedStreams<T, B>;
  connect<B, M extends BroadcastMaps>(
    other: Stream<B> | BroadcastStream<B, M>,
  ): ConnectedStreams<T, B> | BroadcastConnected<T, B, M> {
    const add: AddFunction = (node) => this.#add(node);
    if (other instanceof BroadcastStream) return new BroadcastConnected(this.#edge(), other, add);
    checkConnected(other, Stream, `"${this.operator}", which has no keys`);
    return new ConnectedStreams([this.#edge(), other.#edge()], add);
  }

  /**
   * Gives every subtask of a connected stream all records, which its function keeps in these maps.
   *
   * Example: `payments.connect(rules.broadcast({ limits: map(t.string, t.double) })).process('check', { … })`.
   */
  broadcast<const M extends BroadcastMaps>(maps: M): BroadcastStream<T, M> {
    return new BroadcastStream<T, M>(this.#edge(), maps);
  }

  /**
   * Finds a pattern in the whole stream, in one subtask; `keyBy` before it looks for it in the records of each key.
   *
   * Example: `alarms.match('storm', pattern<Alarm>().begin('alarms', { times: 100 }).within('1 minute'))`.
   */
  match<M>(name: string, pattern: Pattern<T, M>, options: MatchOptions<T, M> = {}): Matches<T, M> {
    const input: DataflowEdge = { ...this.#edge(), exchange: 'hash', key: () => '' };
    const node = matchNode(name, pattern, { input, records: recordSchema(this.#from), options });
    return this.#add({ ...node, parallelism: 1 });
  }

  /** Divides all records into windows, in one subtask. Example: `clicks.windowAll(countWindow(1000))`. */
  windowAll(window: Window<T>, timing: WindowTiming<T> = {}): WindowedStream<T, never> {
    const records = [recordSchema(this.#from)];
    const place = { inputs: [this.#edge()], records, keyed: false, window, timing };
    return new WindowedStream(place, (node) => this.#add(node));
  }

  /** Sends the records to a sink. A stream may go to several. Example: `rows.to(dynamoDb({ … }), 'rows')`. */
  to(sink: Sink<T>, name?: string): void {
    const { connector, guarantee, options } = sink;
    this.#add({
      kind: 'sink',
      name: this.#name(connector, name),
      description: { connector, guarantee, ...textOptions(options) },
      definition: { kind: 'sink', sink },
      ...(isTransactional(sink) ? { state: [transactionsState] } : {}),
    });
  }

  #add<O, S>(node: NewNode): StreamWithSides<O, S> {
    return addOperator(this.#from.builder, { inputs: [this.#edge()], ...node });
  }

  #edge(): DataflowEdge {
    const { operator, output, exchange = 'forward' } = this.#from;
    return { from: operator, output, exchange };
  }

  #name(kind: string, given?: string): string {
    const { operator, output, builder } = this.#from;
    return given ?? builder.freeName(`${operator}${output === 'main' ? '' : `.${output}`}.${kind}`);
  }
}

/** A stream whose records have keys: state, timers and windows are kept for each. */
export class KeyedStream<T, K extends Key> {
  readonly #from: Output;
  readonly #key: (record: T) => K;

  constructor(from: Output, key: (record: T) => K) {
    this.#from = from;
    this.#key = key;
  }

  /**
   * Divides the records of each key into windows.
   *
   * Example: `payments.keyBy((p) => p.card).window(tumbling('1 minute'), { lateness: '1 hour' })`.
   */
  window(window: Window<T>, timing: WindowTiming<T> = {}): WindowedStream<T, K> {
    const records = [recordSchema(this.#from)];
    const place = { inputs: [this.#edge()], records, keyed: true, window, timing };
    return new WindowedStream(place, (node) => this.#add(node));
  }

  /**
   * A process function with state and timers per key. The name is the identity of its state.
   *
   * Example:
   * ```ts
   * payments.keyBy((p) => p.card).process('first-of-card', {
   *   output: Payment,
   *   state: { seen: value(t.boolean, { ttl: '30 days' }) },
   *   onRecord(payment, ctx) {
   *     if (ctx.state.seen.get() === undefined) ctx.emit(payment);
   *     ctx.state.seen.set(true);
   *   },
   * });
   * ```
   */
  process<Out, const S extends Cells = None, const O extends Schemas = None, const N extends string = never>(
    name: string,
    spec: KeyedProcessSpec<T, K, Out, S, O, N>,
  ): StreamWithSides<Out, Sides<O>> {
    return this.#add(processNode(spec, { name, inputs: [this.#edge()], keyed: true }));
  }

  /**
   * The records of each key, reduced to one. Every record gives the result so far, with its own time; `left` is the
   * result before it and the function's own to change.
   *
   * Example: `payments.keyBy((p) => p.card).reduce('largest', (left, right) => right.amount > left.amount ? right : left)`.
   */
  reduce(name: string, reduce: (left: T, right: T) => T): Stream<T> {
    return this.#reduced((place) => reduceNode(place, reduce), name);
  }

  /**
   * The sum of a field, in a record whose other fields are those of the first. Every record gives the sum so far.
   *
   * Example: `payments.keyBy((p) => p.card).sum('spent', 'amount')`.
   */
  sum(name: string, field: FieldOf<T, Addable>): Stream<T> {
    return this.#reduced((place) => fieldNode(place, { kind: 'sum', field }), name);
  }

  /** The smallest value of a field, in a record whose other fields are those of the first; see `minBy`. */
  min(name: string, field: FieldOf<T, Comparable>): Stream<T> {
    return this.#reduced((place) => fieldNode(place, { kind: 'min', field }), name);
  }

  /** The largest value of a field, in a record whose other fields are those of the first; see `maxBy`. */
  max(name: string, field: FieldOf<T, Comparable>): Stream<T> {
    return this.#reduced((place) => fieldNode(place, { kind: 'max', field }), name);
  }

  /** The record with the smallest value of a field so far. Example: `keyed.minBy('cheapest', 'price', { tie: 'last' })`. */
  minBy(name: string, field: FieldOf<T, Comparable>, options: TieOptions = {}): Stream<T> {
    return this.#reduced((place) => fieldNode(place, { kind: 'minBy', field, ...options }), name);
  }

  /** The record with the largest value of a field so far. */
  maxBy(name: string, field: FieldOf<T, Comparable>, options: TieOptions = {}): Stream<T> {
    return this.#reduced((place) => fieldNode(place, { kind: 'maxBy', field, ...options }), name);
  }

  /** This stream, and all records of another in every subtask. */
  connect<B, M extends BroadcastMaps>(other: BroadcastStream<B, M>): KeyedBroadcastConnected<T, B, K, M>;
  /** This stream and another with keys of the same type, for a function that keeps state of both under one key. */
  connect<B>(other: KeyedStream<B, K>): KeyedConnectedStreams<T, B, K>;
  connect<B, M extends BroadcastMaps>(
    other: KeyedStream<B, K> | BroadcastStream<B, M>,
  ): KeyedConnectedStreams<T, B, K> | KeyedBroadcastConnected<T, B, K, M> {
    const add: AddFunction = (node) => this.#add(node);
    if (other instanceof BroadcastStream) return new KeyedBroadcastConnected(this.#edge(), other, add);
    checkConnected(other, KeyedStream, `"${this.#from.operator}", which is keyed`);
    return new KeyedConnectedStreams([this.#edge(), other.#edge()], add);
  }

  /**
   * Pairs of records of one key whose times are near each other.
   *
   * Example: `auctions.intervalJoin(bids, { lower: '0 ms', upper: '10 minutes' }).process('priced', { … })`.
   */
  intervalJoin<B>(other: KeyedStream<B, K>, bounds: IntervalBounds): IntervalJoined<T, B, K> {
    return new IntervalJoined(this.#joinedWith(other), bounds);
  }

  /**
   * Pairs of records of one key that are in one window.
   *
   * Example: `orders.windowJoin(payments, tumbling('1 hour')).join('paid', (order, payment) => ({ … }))`.
   */
  windowJoin<B>(
    other: KeyedStream<B, K>,
    window: Window<T | B>,
    timing: WindowTiming<T | B> = {},
  ): WindowJoined<T, B> {
    return new WindowJoined({ ...this.#joinedWith(other), window, timing });
  }

  /**
   * What both streams have of a key in a window, also where one of them has nothing.
   *
   * Example: `orders.coGroup(payments, tumbling('1 hour')).process('unpaid', { … })`.
   */
  coGroup<B>(
    other: KeyedStream<B, K>,
    window: Window<T | B>,
    timing: WindowTiming<T | B> = {},
  ): CoGrouped<T, B, K> {
    return new CoGrouped({ ...this.#joinedWith(other), window, timing });
  }

  #joinedWith<B>(other: KeyedStream<B, K>): JoinPlace {
    checkConnected(other, KeyedStream, `"${this.#from.operator}", which is keyed`);
    const records = [recordSchema(this.#from), recordSchema(other.#from)] as const;
    return { inputs: [this.#edge(), other.#edge()], records, add: (node) => this.#add(node) };
  }

  #reduced(nodeAt: (place: ReducePlace) => NewNode, name: string): Stream<T> {
    return this.#add(nodeAt({ name, input: this.#edge(), schema: recordSchema(this.#from) }));
  }

  #add<O, S>(node: NewNode): StreamWithSides<O, S> {
    return addOperator(this.#from.builder, node);
  }

  /**
   * Finds a pattern in the records of each key. What runs out of time comes as a partial match by `sides.timedOut`,
   * records behind the watermark by `sides.late`.
   *
   * Example:
   * ```ts
   * orders.keyBy((order) => order.id).match('shipping', pattern<Order>().begin('placed').followedBy('paid').within('2 hours'));
   * ```
   */
  match<M>(name: string, pattern: Pattern<T, M>, options: MatchOptions<T, M> = {}): Matches<T, M> {
    const place = { input: this.#edge(), records: recordSchema(this.#from), options };
    return this.#add(matchNode(name, pattern, place));
  }

  #edge(): DataflowEdge {
    return { from: this.#from.operator, output: this.#from.output, exchange: 'hash', key: this.#key };
  }
}

/** Adds an operator and gives the streams that leave it. */
export function addOperator<Out, S>(builder: GraphBuilder, node: NewNode): StreamWithSides<Out, S> {
  const operator = builder.add(node);
  const sides = Object.fromEntries(
    sideOutputsOf(node).map((output) => [output, new Stream({ builder, operator, output })]),
  );
  // One stream per side output of the node, typed by what its method promises of it.
  return Object.assign(new Stream<Out>({ builder, operator, output: 'main' }), { sides: sides as S });
}

/** Options of a connector as the description of a graph holds them. */
export function textOptions(
  options: Readonly<Record<string, string | number | boolean>>,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      typeof option === 'boolean' ? String(option) : option,
    ]),
  );
}
