import type { Stream } from '../../engine/index.ts';
import type { Event } from './events.ts';

/** How the rows of a query are told apart and written, to compare them with those of another engine. */
export interface RowForm<T> {
  /** The columns of the SQL query, in their order. */
  readonly columns: (row: T) => Readonly<Record<string, string | number>>;
  /** A row takes the place of an earlier one with the same key; without it all rows stay. */
  readonly key?: (row: T) => string | number;
}

/** Takes the rows of a query. */
export type Output = <T>(rows: Stream<T>, form: RowForm<T>) => void;

/** One query of the benchmark, written with the streams API as an application would have it. */
export type Query = (events: Stream<Event>, output: Output) => void;
