import { type Duration, positiveMs } from '../data/duration.ts';
import type { Schema } from '../data/schema.ts';
import type { StateDeclaration } from '../state/declaration.ts';
import type { ListState } from '../state/list-state.ts';
import type { MapState } from '../state/map-state.ts';
import type { ValueState } from '../state/value-state.ts';

/** A state cell as declared: plain data. `A` is what a handler finds in `ctx.state`; it exists in types only. */
export interface Cell<A> {
  readonly kind: 'value' | 'map' | 'list';
  readonly schema: Schema;
  readonly keySchema?: Schema;
  readonly ttlMs?: number;
  readonly '~access'?: A;
}

/** How long state lives after it was last written, in processing time. Expired state is never seen. */
export interface CellOptions {
  readonly ttl?: Duration;
}

/** One value per key. */
export function value<T>(schema: Schema<T>, options: CellOptions = {}): Cell<ValueState<T>> {
  return { kind: 'value', schema, ...timeToLive(options) };
}

/** A map per key; for many entries of which a record touches few. */
export function map<K, V>(key: Schema<K>, of: Schema<V>, options: CellOptions = {}): Cell<MapState<K, V>> {
  return { kind: 'map', keySchema: key, schema: of, ...timeToLive(options) };
}

/** A list per key. */
export function list<T>(schema: Schema<T>, options: CellOptions = {}): Cell<ListState<T>> {
  return { kind: 'list', schema, ...timeToLive(options) };
}

/** Cells by name, as the graph holds them. */
export function declareCells(cells: Readonly<Record<string, Cell<unknown>>>): StateDeclaration[] {
  return Object.entries(cells).map(([name, { kind, schema, keySchema, ttlMs }]) => ({
    name,
    kind,
    schema,
    ...(keySchema === undefined ? {} : { keySchema }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  }));
}

function timeToLive({ ttl }: CellOptions): { readonly ttlMs?: number } {
  return ttl === undefined ? {} : { ttlMs: positiveMs(ttl, 'time to live') };
}
