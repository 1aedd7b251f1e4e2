import { dataTypeOf } from '../data/data-type.ts';
import type { DataType, Schema } from '../data/schema.ts';
import type { StateKind } from './declaration.ts';

/** What the entries of a table look like in a snapshot: plain data, stored as JSON in every chunk. */
export interface StateLayout {
  readonly kind: StateKind;
  /** Of values, list elements or map values; null where they describe themselves. */
  readonly value?: DataType | null;
  /** Of map keys. */
  readonly mapKey?: DataType | null;
  /** Entries carry the time of their last write. */
  readonly timed?: boolean;
  /** Entries of one key and time carry their place among all of that time. */
  readonly numbered?: boolean;
  /** Of windows: name and kind of every aggregate, in order. */
  readonly aggregates?: readonly (readonly [name: string, kind: string])[];
}

/** The type of a schema for a layout. */
export function layoutType(schema: Schema | undefined): DataType | null {
  return dataTypeOf(schema) ?? null;
}

/** State of a snapshot does not fit the state that the program declares. */
export class StateMigrationError extends Error {
  override readonly name = 'StateMigrationError';
}
