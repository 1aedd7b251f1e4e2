import type { Schema } from '../data/schema.ts';
import type { Aggregate, OwnAggregate } from '../operators/aggregate.ts';

/** Number of records. */
export function count<T>(): Aggregate<T> {
  return { kind: 'count' };
}

/** Sum of a number of every record. */
export function sum<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'sum', value };
}

/** Mean of a number of every record. */
export function avg<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'avg', value };
}

/** Smallest of a number of every record. */
export function min<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'min', value };
}

/** Largest of a number of every record. */
export function max<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'max', value };
}

/** What an aggregate of one's own consists of; see {@link aggregate}. */
export interface AggregateSpec<In, Acc, Out> {
  readonly schema?: Schema<Out>;
  init(): Acc;
  add(accumulator: Acc, record: In): Acc;
  merge?(left: Acc, right: Acc): Acc;
  result(accumulator: Acc): Out;
}

/**
 * An aggregate of one's own; the accumulator is plain data.
 *
 * Example: `aggregate({ init: () => '', add: (longest, p: Payment) => p.id.length > longest.length ? p.id : longest, result: (id) => id })`.
 */
export function aggregate<In, Acc, Out>(spec: AggregateSpec<In, Acc, Out>): OwnAggregate<In, Acc, Out> {
  return { kind: 'own', ...spec };
}
