import type { Schema } from '../data/schema.ts';

/** An aggregate with its own accumulator, for what the built-in ones cannot say. */
export interface OwnAggregate<In, Acc, Out> {
  readonly kind: 'own';
  /** Shape of the result, for the graph and for sinks. */
  readonly schema?: Schema<Out>;
  /** A new accumulator; called once per key and window. */
  init(): Acc;
  /** The accumulator with one record more; may change `accumulator` and return it. */
  add(accumulator: Acc, record: In): Acc;
  /**
   * Both accumulators in one; may change `left` and return it, and leaves `right` as it is. Sessions need it; with it
   * sliding windows add each record once instead of once per window.
   */
  merge?(left: Acc, right: Acc): Acc;
  /** Must not change the accumulator: the window may go on after it. */
  result(accumulator: Acc): Out;
}

/**
 * What a window computes of its records, named by its column. Plain data, so that the loop over it can be generated.
 *
 * The type parameter `Out` is the type of the result; it exists in types only.
 */
export type Aggregate<In, Out = number> =
  | { readonly kind: 'count'; readonly '~out'?: Out }
  | {
      readonly kind: 'sum' | 'avg' | 'min' | 'max';
      readonly value: (record: In) => number;
      readonly '~out'?: Out;
    }
  | OwnAggregate<In, unknown, Out>;
