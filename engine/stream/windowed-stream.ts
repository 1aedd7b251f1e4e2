import type { Key } from '../data/key-groups.ts';
import type { Schemas } from '../data/schema.ts';
import type { Aggregate } from '../operators/aggregate.ts';
import type { AddFunction } from './connected-streams.ts';
import type { None } from './process-spec.ts';
import type { Cells } from './state-cells.ts';
import type { Sides, Stream, StreamWithSides } from './stream.ts';
import type { WindowProcessSpec } from './window-functions.ts';
import {
  aggregateNode,
  type DeclaredWindow,
  plainAssigner,
  windowNode,
  type WindowPlace,
} from './window-node.ts';
import { checkColumns, type WindowRow } from './window-rows.ts';

/** Records that came too late for all their windows. */
export interface LateSide<T> {
  readonly late: Stream<T>;
}

/** A function of windows, whatever its types are. */
type AnySpec = DeclaredWindow & { readonly onWindow: (given: never, context: never) => unknown };

/** Records per key and window, waiting for what to make of them. Without keys `K` is never. */
export class WindowedStream<T, K extends Key> {
  readonly #place: WindowPlace;
  readonly #add: AddFunction;

  constructor(place: WindowPlace, add: AddFunction) {
    this.#place = place;
    this.#add = add;
  }

  /**
   * One row per key and window with the results of `aggregates`, or what `onWindow` makes of the row.
   *
   * Records too late for all their windows go to `sides.late`.
   * Example: `orders.keyBy((o) => o.shop).window(tumbling('1 hour')).aggregate('per-shop', { orders: count() })`.
   */
  aggregate<const A extends Readonly<Record<string, Aggregate<T, unknown>>>>(
    name: string,
    aggregates: A,
  ): StreamWithSides<WindowRow<K, A>, LateSide<T>>;
  aggregate<
    const A extends Readonly<Record<string, Aggregate<T, unknown>>>,
    Out,
    const S extends Cells = None,
    const W extends Cells = None,
    const O extends Schemas = None,
  >(
    name: string,
    aggregates: A,
    spec: WindowProcessSpec<WindowRow<K, A>, K, Out, S, W, O>,
  ): StreamWithSides<Out, Sides<O> & LateSide<T>>;
  aggregate(
    name: string,
    aggregates: Readonly<Record<string, Aggregate<never, unknown>>>,
    spec?: AnySpec,
  ): unknown {
    checkColumns(name, Object.keys(aggregates));
    const assigner = plainAssigner(this.#place);
    if (assigner !== undefined && spec === undefined) {
      return this.#add(aggregateNode(this.#place, { name, aggregates, assigner }));
    }
    const onWindow = spec === undefined ? {} : { onWindow: spec.onWindow };
    const fn = { kind: 'aggregate', aggregates, ...onWindow } as const;
    return this.#add(windowNode(this.#place, { name, function: fn, ...(spec && { spec }) }));
  }

  /**
   * The records of each window, reduced to one; or what `onWindow` makes of it. `left` is the older one.
   *
   * Example: `windowed.reduce('largest', (left, right) => right.amount > left.amount ? right : left)`.
   */
  reduce(name: string, reduce: (left: T, right: T) => T): StreamWithSides<T, LateSide<T>>;
  reduce<Out, const S extends Cells = None, const W extends Cells = None, const O extends Schemas = None>(
    name: string,
    reduce: (left: T, right: T) => T,
    spec: WindowProcessSpec<T, K, Out, S, W, O>,
  ): StreamWithSides<Out, Sides<O> & LateSide<T>>;
  reduce(name: string, reduce: (left: never, right: never) => unknown, spec?: AnySpec): unknown {
    const onWindow = spec === undefined ? {} : { onWindow: spec.onWindow };
    const fn = { kind: 'reduce', reduce, ...onWindow } as const;
    const schema = this.#place.records[0];
    const described = { ...(spec && { spec }), ...(schema && { schema }) };
    return this.#add(windowNode(this.#place, { name, function: fn, ...described }));
  }

  /**
   * Calls `onWindow` with all records of a window. It holds them all until the window goes: where a result can grow
   * record by record, `aggregate` and `reduce` need far less.
   *
   * Example:
   * ```ts
   * clicks.keyBy((c) => c.user).window(session('30 minutes')).process('paths', {
   *   output: Path,
   *   onWindow(records, ctx) { ctx.emit({ user: ctx.key, pages: records.map((c) => c.page) }); },
   * });
   * ```
   */
  process<Out, const S extends Cells = None, const W extends Cells = None, const O extends Schemas = None>(
    name: string,
    spec: WindowProcessSpec<readonly T[], K, Out, S, W, O>,
  ): StreamWithSides<Out, Sides<O> & LateSide<T>> {
    const fn = { kind: 'process', onWindow: spec.onWindow } as const;
    return this.#add(windowNode(this.#place, { name, function: fn, spec }));
  }
}
