import { type Duration, signedMs } from '../data/duration.ts';
import type { Key } from '../data/key-groups.ts';
import type { Schema, Schemas } from '../data/schema.ts';
import { LATE_LEFT, LATE_RIGHT, LEFT, RIGHT } from '../operators/interval-join-operator.ts';
import type { AddFunction, TwoInputs } from './connected-streams.ts';
import { functionNode } from './function-node.ts';
import type { None, OutputContext } from './process-spec.ts';
import type { Sides, Stream, StreamWithSides } from './stream.ts';

/**
 * How far the time of a right record may be from that of a left one: left time + `lower` <= right time <= left time +
 * `upper`. Either may be negative, as in `'-10 minutes'`.
 */
export interface IntervalBounds {
  readonly lower: Duration;
  readonly upper: Duration;
  /** Then a right record at left time + `lower` does not join. */
  readonly lowerExclusive?: boolean;
  /** Then a right record at left time + `upper` does not join. */
  readonly upperExclusive?: boolean;
}

/** What `onPair` may do. What it emits has the later time of both records, which is `time`. */
export interface PairContext<K, Out, O> extends OutputContext<Out, O> {
  readonly key: K;
  readonly leftTime: number;
  readonly rightTime: number;
}

/** What an interval join gives for its pairs. */
export interface IntervalJoinSpec<A, B, K, Out, O extends Schemas> {
  readonly output: Schema<Out>;
  readonly outputs?: O;
  /** Called once for every pair, as soon as both are there. */
  onPair(this: void, left: A, right: B, ctx: PairContext<K, Out, O>): undefined;
}

/** Records that came behind the watermark, and so join nothing. */
export interface LateSides<A, B> {
  readonly lateLeft: Stream<A>;
  readonly lateRight: Stream<B>;
}

/** Two keyed streams on their way into a join. */
export interface JoinPlace {
  readonly inputs: TwoInputs;
  /** Schemas of the records of each input. */
  readonly records: readonly [left: Schema, right: Schema];
  readonly add: AddFunction;
}

/** Two keyed streams and how near their times must be, waiting for what to make of the pairs. */
export class IntervalJoined<A, B, K extends Key> {
  readonly #place: JoinPlace;
  readonly #bounds: IntervalBounds;

  constructor(place: JoinPlace, bounds: IntervalBounds) {
    this.#place = place;
    this.#bounds = bounds;
  }

  /**
   * Calls `onPair` for every pair of one key within the bounds. Late records go to `sides.lateLeft` and
   * `sides.lateRight`. The name is the identity of the buffers.
   *
   * Example:
   * ```ts
   * auctions.keyBy((a) => a.id)
   *   .intervalJoin(bids.keyBy((b) => b.auction), { lower: '0 ms', upper: '10 minutes' })
   *   .process('bids-in-time', { output: Priced, onPair(auction, bid, ctx) { ctx.emit({ … }); } });
   * ```
   */
  process<Out, const O extends Schemas = None>(
    name: string,
    spec: IntervalJoinSpec<A, B, K, Out, O>,
  ): StreamWithSides<Out, Sides<O> & LateSides<A, B>> {
    const { inputs, records, add } = this.#place;
    const { onPair } = spec;
    const [left, right] = inputs;
    refuseTaken(name, spec.outputs ?? {});
    const bounds = boundsOf(name, this.#bounds);
    return add({
      ...functionNode(spec, {
        name,
        inputs,
        keyed: true,
        handlers: { onPair },
        define: (common) => ({ ...common, kind: 'interval-join', ...bounds, onPair }),
      }),
      sideInputs: { [LATE_LEFT]: 0, [LATE_RIGHT]: 1 },
      state: [
        { name: LEFT, kind: 'join-buffer', schema: records[0] },
        { name: RIGHT, kind: 'join-buffer', schema: records[1] },
      ],
      description: { left: left.from, right: right.from, bounds: boundsText(this.#bounds) },
    });
  }
}

function refuseTaken(name: string, outputs: object): void {
  const taken = [LATE_LEFT, LATE_RIGHT].find((side) => side in outputs);
  if (taken !== undefined) {
    throw new Error(
      `Cannot add interval-join "${name}": side output "${taken}" is its own, of late records; call yours otherwise`,
    );
  }
}

function boundsOf(
  name: string,
  bounds: IntervalBounds,
): { readonly lowerMs: number; readonly upperMs: number } {
  if ('time' in bounds && bounds.time !== 'event') {
    throw new Error(
      `Cannot add interval-join "${name}": it compares the times of records, and time is "${String(bounds.time)}"; leave "time" out and give the sources event time`,
    );
  }
  const { lower, upper, lowerExclusive = false, upperExclusive = false } = bounds;
  const [lowerMs, upperMs] = [signedMs(lower), signedMs(upper)];
  if (lowerMs > upperMs) {
    throw new Error(
      `Cannot add interval-join "${name}": lower "${lower}" is above upper "${upper}", so that nothing could join; exchange them`,
    );
  }
  // Times are whole milliseconds, so an exclusive bound is the inclusive one beside it.
  return { lowerMs: lowerExclusive ? lowerMs + 1 : lowerMs, upperMs: upperExclusive ? upperMs - 1 : upperMs };
}

function boundsText({
  lower,
  upper,
  lowerExclusive = false,
  upperExclusive = false,
}: IntervalBounds): string {
  return `${lowerExclusive ? '(' : '['}${lower}, ${upper}${upperExclusive ? ')' : ']'}`;
}
