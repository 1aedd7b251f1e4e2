import type { Aggregate, OwnAggregate } from '../operators/aggregate.ts';

/** Number of records. Example: `windowed.aggregate('clicks', { clicks: count() })`. */
export function count<T>(): Aggregate<T> {
  return { kind: 'count' };
}

/** Sum of a number of every record. Example: `windowed.aggregate('sales', { total: sum((o) => o.amount) })`. */
export function sum<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'sum', value };
}

/** Mean of a number of every record. Example: `avg((o) => o.amount)`. */
export function avg<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'avg', value };
}

/** Smallest of a number of every record. Example: `min((o) => o.amount)`. */
export function min<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'min', value };
}

/** Largest of a number of every record. Example: `max((o) => o.amount)`. */
export function max<T>(value: (record: T) => number): Aggregate<T> {
  return { kind: 'max', value };
}

/** What an aggregate of one's own consists of; see {@link aggregate}. */
export type AggregateSpec<In, Acc, Out> = Omit<OwnAggregate<In, Acc, Out>, 'kind'>;

/**
 * An aggregate of one's own; the accumulator is plain data.
 *
 * Example: `aggregate({ init: () => '', add: (longest, p: Payment) => p.id.length > longest.length ? p.id : longest, result: (id) => id })`.
 */
export function aggregate<In, Acc, Out>(spec: AggregateSpec<In, Acc, Out>): OwnAggregate<In, Acc, Out> {
  return { kind: 'own', ...spec };
}
