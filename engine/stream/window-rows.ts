import type { Duration } from '../data/duration.ts';
import type { Schema } from '../data/schema.ts';
import { t } from '../data/built-in-types.ts';
import type { Aggregate } from '../operators/aggregate.ts';
import { ROW_FIELDS } from '../operators/windows/pane-functions.ts';

/** When a window sends its rows. */
export interface WindowTiming {
  /** Records that come so long after the end of a window still count: its row is sent again. Default none. */
  readonly lateness?: Duration;
  /**
   * Sends the row of every window that changed also before its end, at this pace of processing time. Every row of a
   * key and window replaces the one before, so sinks must upsert by `key` and `start`; the last one is complete.
   */
  readonly early?: Duration;
}

/** Names and results of aggregates. */
export type AggregateResults<A> = {
  readonly [N in keyof A]: A[N] extends Aggregate<never, infer Out> ? Out : never;
};

/** A row of a window: `start` inclusive and `end` exclusive, in ms. */
export type WindowRow<K, A> = {
  readonly key: K;
  readonly start: number;
  readonly end: number;
} & AggregateResults<A>;

/** Refuses aggregates that no row could show. */
export function checkColumns(name: string, columns: readonly string[]): void {
  const taken = columns.find((column) => ROW_FIELDS.includes(column));
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
