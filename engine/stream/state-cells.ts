import type { Type } from '../data/built-in-types.ts';
import { type Duration, positiveMs } from '../data/duration.ts';
import type { Schema } from '../data/schema.ts';
import type { AggregatingState, ReducingState } from '../state/accumulating-state.ts';
import type {
  AccumulatorFunctions,
  Migration,
  StateDeclaration,
  StateKind,
  TtlUpdate,
  TtlVisibility,
} from '../state/declaration.ts';
import type { ListState } from '../state/list-state.ts';
import type { MapState } from '../state/map-state.ts';
import type { OperatorListState } from '../state/operator-list.ts';
import type { ValueState } from '../state/value-state.ts';

/**
 * A state cell as declared: plain data, and the functions of cells that sum up. `A` is what a handler finds in
 * `ctx.state`; it exists in types only.
 */
export interface Cell<A> extends Omit<StateDeclaration, 'name' | 'kind'> {
  readonly kind: Exclude<StateKind, 'windows' | 'timers'>;
  readonly '~access'?: A;
}

/** Cells by the names of their declaration. */
export type Cells = Readonly<Record<string, Cell<unknown>>>;

/** A cell that belongs to a subtask and to no key; the only kind for streams without keys. */
export interface OperatorCell<A> extends Cell<A> {
  readonly kind: 'operator-list';
}

/** Cells of functions without keys. */
export type OperatorCells = Readonly<Record<string, OperatorCell<unknown>>>;

/**
 * How long state lives, in processing time.
 *
 * Contract: state that has expired is removed when it is next read, or, if nobody reads it, in the background while
 * others are written. Options may change from one version of a program to the next: state that was written without a
 * time to live counts as written when it was restored.
 */
export interface CellOptions<T> {
  /** Ways from older types of `T`, where no rule finds one. */
  readonly migrations?: readonly CellMigration<T>[];
  readonly ttl?: Duration;
  /** What begins the time anew: every write, or reading as well. Default `on-write`. */
  readonly ttlUpdate?: TtlUpdate;
  /**
   * What a reader gets of a value that has expired: nothing, or the value if it is still there. It is there once: who
   * reads it removes it, and after a day more the background does. Default `never-expired`.
   */
  readonly ttlVisibility?: TtlVisibility;
}

/** A way to values of `T` from those of an older version of the program. */
export interface CellMigration<T> extends Migration {
  readonly '~to'?: T;
}

/**
 * What becomes of state that an older version of the program wrote with another type.
 *
 * Contract: `convert` depends on the old value alone. What needs none: fields that were dropped, numbers and enums that
 * were widened, whatever became nullable, and fields that say what they were (`t.field`).
 * Example: `value(Person, { migrations: [migration(t.row({ name: t.string }), ({ name }) => splitName(name))] })`.
 */
export function migration<From, To>(from: Type<From>, convert: (old: From) => To): CellMigration<To> {
  // Values that were written as `from` are read as such.
  return { from: from.type, convert: convert as Migration['convert'] };
}

/**
 * One value per key.
 *
 * Example: `state: { total: value(t.double, { ttl: '7 days' }) }`, then `ctx.state.total.get() ?? 0`.
 */
export function value<T>(schema: Schema<T>, options: CellOptions<T> = {}): Cell<ValueState<T>> {
  return { kind: 'value', schema, ...inTime(options) };
}

/**
 * A map per key; for many entries of which a record touches few.
 *
 * Example: `state: { seen: map(t.string, t.instant) }`, then `ctx.state.seen.set(record.id, ctx.time)`.
 */
export function map<K, V>(key: Schema<K>, of: Schema<V>, options: CellOptions<V> = {}): Cell<MapState<K, V>> {
  return { kind: 'map', keySchema: key, schema: of, ...inTime(options) };
}

/**
 * A list per key.
 *
 * Example: `state: { waiting: list(Payment) }`, then `ctx.state.waiting.push(record)`.
 */
export function list<T>(schema: Schema<T>, options: CellOptions<T> = {}): Cell<ListState<T>> {
  return { kind: 'list', schema, ...inTime(options) };
}

/**
 * One value per key, into which `reduce` takes every value that is added; what it is given is its own to change.
 *
 * Example: `state: { largest: reducing(t.double, Math.max) }`, then `ctx.state.largest.add(record.amount)`.
 */
export function reducing<T>(
  schema: Schema<T>,
  reduce: (left: T, right: T) => T,
  options: CellOptions<T> = {},
): Cell<ReducingState<T>> {
  refuseMissing(reduce, 'reducing', 'reduce');
  return { kind: 'reducing', schema, reduce, ...inTime(options) };
}

/**
 * An accumulator per key, to which values are added and of which readers see the result. `schema` is that of the
 * accumulator.
 *
 * Example: `state: { mean: aggregating(t.row({ n: t.int, sum: t.double }), {
 *   init: () => ({ n: 0, sum: 0 }),
 *   add: (acc, amount: number) => ({ n: acc.n + 1, sum: acc.sum + amount }),
 *   result: (acc) => acc.sum / acc.n,
 * }) }`, then `ctx.state.mean.add(record.amount)`.
 */
export function aggregating<Acc, In, Out>(
  schema: Schema<Acc>,
  aggregate: AccumulatorFunctions<Acc, In, Out>,
  options: CellOptions<Acc> = {},
): Cell<AggregatingState<In, Out>> {
  for (const name of ['init', 'add', 'result'] as const) {
    refuseMissing(aggregate[name], 'aggregating', name);
  }
  return { kind: 'aggregating', schema, aggregate, ...inTime(options) };
}

/** Who gets the elements of an operator list when a job starts from a snapshot. */
export interface OperatorListOptions<T> {
  readonly migrations?: readonly CellMigration<T>[];
  /** Deal them out evenly to all subtasks, or give every subtask all of them. Default `split`. */
  readonly restore?: 'split' | 'union';
}

/**
 * A list that belongs to a subtask and to no key, for streams without keys.
 *
 * Example: `state: { buffer: operatorList(Payment) }`, then `ctx.state.buffer.push(record)`.
 */
export function operatorList<T>(
  schema: Schema<T>,
  { restore = 'split', migrations }: OperatorListOptions<T> = {},
): OperatorCell<OperatorListState<T>> {
  return {
    kind: 'operator-list',
    schema,
    restore,
    ...(migrations === undefined ? {} : { migrations }),
  };
}

/** Cells by name, as the graph holds them. */
export function declareCells(cells: Cells): StateDeclaration[] {
  return Object.entries(cells).map(([name, { '~access': _, ...declaration }]) => ({ name, ...declaration }));
}

type TimedDeclaration = Pick<StateDeclaration, 'migrations' | 'ttlMs' | 'ttlUpdate' | 'ttlVisibility'>;

/** How state changes with time and with versions. */
function inTime({ migrations, ...options }: CellOptions<unknown>): TimedDeclaration {
  return { ...timeToLive(options), ...(migrations === undefined ? {} : { migrations }) };
}

function timeToLive({
  ttl,
  ttlUpdate,
  ttlVisibility,
}: Omit<CellOptions<unknown>, 'migrations'>): TimedDeclaration {
  if (ttl === undefined) {
    refuseAlone({ ttlUpdate, ttlVisibility });
    return {};
  }
  return {
    ttlMs: positiveMs(ttl, 'time to live'),
    ...(ttlUpdate === undefined ? {} : { ttlUpdate }),
    ...(ttlVisibility === undefined ? {} : { ttlVisibility }),
  };
}

function refuseAlone(options: Readonly<Record<string, string | undefined>>): void {
  for (const [name, option] of Object.entries(options)) {
    if (option !== undefined) {
      throw new Error(`Cannot declare state with ${name} "${option}" alone: give its "ttl", or leave it out`);
    }
  }
}

function refuseMissing(fn: unknown, kind: string, name: string): void {
  if (typeof fn !== 'function') {
    throw new TypeError(
      `Cannot declare ${kind} state: "${name}" is ${fn === null ? 'null' : `of type ${typeof fn}`}; give a function`,
    );
  }
}
