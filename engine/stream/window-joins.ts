import type { Key } from '../data/key-groups.ts';
import type { Schemas } from '../data/schema.ts';
import { refuseAsync } from './graph-builder.ts';
import type { JoinPlace } from './joins.ts';
import type { None } from './process-spec.ts';
import type { Cells } from './state-cells.ts';
import type { Sides, Stream, StreamWithSides } from './stream.ts';
import type { WindowContext, WindowSpec } from './window-functions.ts';
import { windowNode, type WindowUse } from './window-node.ts';
import type { WindowTiming } from './window-rows.ts';
import type { Window } from './windows.ts';

/** Two keyed streams on their way into common windows. */
export interface WindowJoinPlace extends JoinPlace {
  readonly window: Window<never>;
  readonly timing: WindowTiming<never>;
}

/** A function of the records that both streams have in a window, each in the order of arrival; one side may be empty. */
export interface CoGroupSpec<
  A,
  B,
  K,
  Out,
  S extends Cells = None,
  W extends Cells = None,
  O extends Schemas = None,
> extends WindowSpec<K, Out, S, W, O> {
  onWindow(
    this: void,
    lefts: readonly A[],
    rights: readonly B[],
    ctx: WindowContext<K, Out, S, W, O>,
  ): undefined;
}

/** Two keyed streams in common windows, waiting for what to make of their pairs. */
export class WindowJoined<A, B> {
  readonly #place: WindowJoinPlace;

  constructor(place: WindowJoinPlace) {
    this.#place = place;
  }

  /**
   * One record for every pair that is of one key and in one window; records without a partner give none, and late ones
   * are dropped and counted. In sliding windows a pair comes once for each window that both are in.
   *
   * Example: `orders.windowJoin(payments, tumbling('1 hour')).join('paid', (order, payment) => ({ … }))`.
   */
  join<Out>(name: string, join: (left: A, right: B) => Out): Stream<Out> {
    refuseAsync(join, `window join "${name}"`);
    const onWindow = (
      lefts: readonly A[],
      rights: readonly B[],
      ctx: { emit(value: Out): void },
    ): undefined => {
      for (const left of lefts) {
        for (const right of rights) {
          ctx.emit(join(left, right));
        }
      }
    };
    return addTwoInputs<Out, None>(this.#place, { name, function: { kind: 'two-inputs', onWindow } });
  }
}

/** Two keyed streams in common windows, waiting for the function of what both have there. */
export class CoGrouped<A, B, K extends Key> {
  readonly #place: WindowJoinPlace;

  constructor(place: WindowJoinPlace) {
    this.#place = place;
  }

  /**
   * Calls `onWindow` with what both streams have of a key in a window. Late records are dropped and counted.
   *
   * Example:
   * ```ts
   * orders.coGroup(payments, tumbling('1 hour')).process('unpaid', {
   *   output: Order,
   *   onWindow(orders, payments, ctx) { if (payments.length === 0) orders.forEach(ctx.emit); },
   * });
   * ```
   */
  process<Out, const S extends Cells = None, const W extends Cells = None, const O extends Schemas = None>(
    name: string,
    spec: CoGroupSpec<A, B, K, Out, S, W, O>,
  ): StreamWithSides<Out, Sides<O>> {
    const { onWindow } = spec;
    return addTwoInputs(this.#place, { name, function: { kind: 'two-inputs', onWindow }, spec });
  }
}

function addTwoInputs<Out, O>(place: WindowJoinPlace, use: WindowUse): StreamWithSides<Out, Sides<O>> {
  const { inputs, records, add, window, timing } = place;
  const node = windowNode({ inputs, records, keyed: true, window, timing }, use);
  const [left, right] = inputs;
  return add({
    ...node,
    // One output could not tell late records of two types apart.
    sideInputs: {},
    description: { left: left.from, right: right.from, ...node.description },
  });
}
