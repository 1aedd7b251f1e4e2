import type { AccumulatorFunctions, StateDeclaration } from './declaration.ts';
import type { EntryFields } from './entry-view.ts';
import type { KeyScope } from './key-scope.ts';
import { refuseNothing } from './refused-value.ts';
import { type ValueEntry, ValueTable } from './value-state.ts';

/** One value per key, into which every added value is reduced. */
export interface ReducingState<T> {
  /** What has been added, reduced to one; undefined when nothing was added, or it was cleared or has expired. */
  get(): T | undefined;
  /** The first value is kept as it is. Null and undefined are refused. */
  add(value: T): void;
  clear(): void;
}

/** One accumulator per key, of which readers see the result. */
export interface AggregatingState<In, Out> {
  /** The result over what has been added; undefined when nothing was, or it was cleared or has expired. */
  get(): Out | undefined;
  /** Null and undefined are refused. */
  add(value: In): void;
  clear(): void;
}

/**
 * The table behind a reducing cell. A value that is added to one that has expired begins anew, unless expired values
 * may be seen: then it is reduced into it. Source: Flink's `TtlReduceFunction`.
 */
export class ReducingTable extends ValueTable implements ReducingState<unknown> {
  readonly #reduce: (left: unknown, right: unknown) => unknown;

  constructor(declaration: StateDeclaration, scope: KeyScope) {
    super(declaration, scope);
    // Declared together with the schema, so it takes what the table holds.
    this.#reduce = declaration.reduce as (left: unknown, right: unknown) => unknown;
  }

  add(value: unknown): void {
    refuseNothing(value, `reducing state "${this.name}"`);
    const held = this.held();
    this.set(held === undefined ? value : this.#reduce(held, value));
  }
}

/** The table behind an aggregating cell: it holds accumulators. Source: Flink's `TtlAggregateFunction`. */
export class AggregatingTable extends ValueTable implements AggregatingState<unknown, unknown> {
  readonly #aggregate: AccumulatorFunctions<unknown, unknown, unknown>;

  constructor(declaration: StateDeclaration, scope: KeyScope) {
    super(declaration, scope);
    // As above.
    this.#aggregate = declaration.aggregate as AccumulatorFunctions<unknown, unknown, unknown>;
  }

  /** As readers of the cell see it; the accumulator is its own matter. */
  protected override view(entry: ValueEntry): EntryFields | undefined {
    const fields = super.view(entry);
    return fields && { value: this.#aggregate.result(fields.value) };
  }

  override get(): unknown {
    const accumulator = super.get();
    return accumulator === undefined ? undefined : this.#aggregate.result(accumulator);
  }

  add(value: unknown): void {
    refuseNothing(value, `aggregating state "${this.name}"`);
    const held = this.held();
    this.set(this.#aggregate.add(held === undefined ? this.#aggregate.init() : held, value));
  }
}
