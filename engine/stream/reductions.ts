import { dataTypeOf } from '../data/data-type.ts';
import { type Decimal, isDecimal } from '../data/decimal.ts';
import type { Schema } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import { REDUCED } from '../operators/reduce-operator.ts';
import { type NewNode, refuseAsync } from './graph-builder.ts';

/** What `sum` can add. */
export type Addable = number | bigint | Decimal;

/** What `min` and `max` can compare; texts by their UTF-16 code units. */
export type Comparable = number | bigint | string | Decimal;

/** Names of the fields of `T` whose values are all of type `V`. */
export type FieldOf<T, V> = keyof { readonly [N in keyof T & string as T[N] extends V ? N : never]: N };

/** Which of two records with equal fields `minBy` and `maxBy` keep. */
export interface TieOptions {
  /** Default `first`. */
  readonly tie?: 'first' | 'last';
}

type Reduce = (left: never, right: never) => unknown;
type Row = Readonly<Record<string, unknown>>;

/** Where a reduction is added. */
export interface ReducePlace {
  readonly name: string;
  readonly input: DataflowEdge;
  readonly schema: Schema;
}

/** The node of a reduction by the user's own function. */
export function reduceNode(place: ReducePlace, reduce: Reduce): NewNode {
  refuseAsync(reduce, `reduce "${place.name}"`);
  return nodeOf(place, reduce, { reduction: 'reduce' });
}

/** A reduction by one field. */
export interface FieldReduction {
  readonly kind: 'sum' | 'min' | 'max' | 'minBy' | 'maxBy';
  readonly field: string;
  readonly tie?: 'first' | 'last';
}

/**
 * The node of a reduction by one field. `sum`, `min` and `max` replace the field and keep all others of the first
 * record; `minBy` and `maxBy` keep whole records. Source: Flink's `SumAggregator` and `ComparableAggregator`.
 */
export function fieldNode(place: ReducePlace, reduction: FieldReduction): NewNode {
  const { kind, field, tie } = reduction;
  checkField(place, reduction);
  return nodeOf(place, reductionOf(reduction), {
    reduction: kind,
    field,
    ...(tie === undefined ? {} : { tie }),
  });
}

function nodeOf(
  { name, input, schema }: ReducePlace,
  reduce: Reduce,
  description: Readonly<Record<string, string>>,
): NewNode {
  return {
    name,
    kind: 'reduce',
    inputs: [input],
    schema,
    state: [{ name: REDUCED, kind: 'reducing', schema, reduce }],
    description,
    definition: { kind: 'reduce', reduce },
  };
}

/** What TypeScript refuses, for users of JavaScript and where the schema is known. */
function checkField({ name, schema }: ReducePlace, { kind, field }: FieldReduction): void {
  if (typeof field !== 'string') {
    throw new TypeError(
      `Cannot add ${kind} "${name}": its field is ${String(field)}; give the name of a field of the records`,
    );
  }
  const type = dataTypeOf(schema);
  const known = type?.kind === 'row' ? type.fields.map((each) => each.name) : undefined;
  if (known?.includes(field) === false) {
    throw new Error(
      `Cannot add ${kind} "${name}": its records have no field "${field}"; they have ${known.join(', ')}`,
    );
  }
}

function reductionOf({ kind, field, tie = 'first' }: FieldReduction): (left: Row, right: Row) => Row {
  switch (kind) {
    case 'sum':
      return (left, right) => ({ ...left, [field]: plus(field, left[field], right[field]) });
    case 'min':
      return (left, right) =>
        compare(field, right[field], left[field]) < 0 ? { ...left, [field]: right[field] } : left;
    case 'max':
      return (left, right) =>
        compare(field, right[field], left[field]) > 0 ? { ...left, [field]: right[field] } : left;
    case 'minBy':
      return (left, right) => keptBy(compare(field, right[field], left[field]), tie, { left, right });
    case 'maxBy':
      return (left, right) => keptBy(compare(field, left[field], right[field]), tie, { left, right });
  }
}

/** `order` is below 0 where the right record is the more extreme one. */
function keptBy(
  order: number,
  tie: 'first' | 'last',
  { left, right }: { readonly left: Row; readonly right: Row },
): Row {
  return order < 0 || (order === 0 && tie === 'last') ? right : left;
}

function plus(field: string, left: unknown, right: unknown): Addable {
  if (typeof left === 'number' && typeof right === 'number') {
    return left + right;
  }
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    return left + right;
  }
  if (isDecimal(left) && isDecimal(right)) {
    return left.plus(right);
  }
  throw unlike(field, left, right);
}

function compare(field: string, left: unknown, right: unknown): number {
  if (isDecimal(left) && isDecimal(right)) {
    return left.compare(right);
  }
  const comparable = typeof left === 'number' || typeof left === 'bigint' || typeof left === 'string';
  if (!comparable || typeof right !== typeof left) {
    throw unlike(field, left, right);
  }
  return ordered(left, right as typeof left); // of the same type, as checked
}

/** Not a number is the largest of all, as in Java. */
function ordered(left: number | bigint | string, right: number | bigint | string): number {
  if (left < right) {
    return -1;
  }
  if (left > right || left === right) {
    return left === right ? 0 : 1;
  }
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

function unlike(field: string, left: unknown, right: unknown): TypeError {
  return new TypeError(
    `Cannot reduce field "${field}": it was ${typeName(left)} and is ${typeName(right)} now; all its values must be numbers, bigints or decimals, or texts that are only compared`,
  );
}

function typeName(value: unknown): string {
  return value === null ? 'null' : `of type ${typeof value}`;
}
