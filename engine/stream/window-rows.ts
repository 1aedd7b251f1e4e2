import type { Duration } from '../data/duration.ts';
import type { Schema } from '../data/schema.ts';
import { t } from '../data/built-in-types.ts';
import type { Aggregate } from '../operators/aggregate.ts';
import type { Evictor } from './evictors.ts';
import type { Trigger } from './triggers.ts';
import { ROW_FIELDS } from '../operators/windows/pane-functions.ts';

/** When windows of records of type `T` fire, and what they keep. */
export interface WindowTiming<T = unknown> {
  /**
   * Records that come so long after the end of a window still count: it fires again. `'max'` is for ever, and keeps
   * every window for ever. Default none.
   */
  readonly lateness?: Duration | 'max';
  /**
   * Sends the row of every window that changed also before its end, at this pace of processing time. Every row of a
   * key and window replaces the one before, so sinks must upsert by `key` and `start`; the last one is complete.
   */
  readonly early?: Duration;
  /** When windows fire; default at their end. */
  readonly trigger?: Trigger<T>;
  /** Which records leave a window when it fires; default none. */
  readonly evictor?: Evictor<T>;
}

/** Names and results of aggregates. */
export type AggregateResults<A> = {
  readonly [N in keyof A]: A[N] extends Aggregate<never, infer Out> ? Out : never;
};

/** A row of a window: `start` inclusive and `end` exclusive, in ms; rows of global windows have neither. */
export type WindowRow<K, A> = RowKey<K> & {
  readonly start: number;
  readonly end: number;
} & AggregateResults<A>;

/** Rows of `windowAll` have no key. */
// oxlint-disable-next-line typescript/no-empty-object-type -- nothing is what is meant
type RowKey<K> = [K] extends [never] ? {} : { readonly key: K };

/** Refuses aggregates that no row could show. */
export function checkColumns(name: string, columns: readonly string[]): void {
  const taken = columns.find((column) => ROW_FIELDS.some((field) => field === column));
  if (taken !== undefined) {
    throw new Error(
      `Cannot add window "${name}": aggregate "${taken}" would hide the row's own field of that name; call it otherwise`,
    );
  }
  if (columns.length === 0) {
    throw new Error(
      `Cannot add window "${name}": it has no aggregates; give at least one, such as { records: count() }`,
    );
  }
}

/** What is kept per key and window, for the description of the graph: a verdict compares it. */
export function accumulatorSchema(aggregates: Readonly<Record<string, Aggregate<never, unknown>>>): Schema {
  const fields = Object.entries(aggregates).map(([column, aggregate]) => [
    `${column}:${aggregate.kind}`,
    t.double,
  ]);
  return t.row(Object.fromEntries(fields) as Record<string, typeof t.double>); // entries of exactly this form
}
