/** The conditions of writes that the stores use: comparisons and existence, joined by AND, these by OR. */
import type { Item } from './memory-table.ts';

/** A condition as a write carries it. */
export interface Condition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

const EXISTENCE = /^(attribute_exists|attribute_not_exists)\(([#\w]+)\)$/;
const COMPARISON = /^([#\w]+) (=|<>|<|<=|>|>=) (:\w+)$/;

/** Whether the item, or that there is none, meets the condition. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  return condition.expression
    .split(' OR ')
    .some((all) => all.split(' AND ').every((term) => termHolds(term.trim(), condition, item)));
}

function termHolds(term: string, { names, values }: Condition, item: Item | undefined): boolean {
  const existence = EXISTENCE.exec(term);
  const value = (name: string): unknown => item?.[names[name] ?? name];
  if (existence !== null) {
    const isThere = value(existence[2] ?? '') !== undefined;
    return existence[1] === 'attribute_exists' ? isThere : !isThere;
  }
  const comparison = COMPARISON.exec(term);
  if (comparison === null) throw new Error(`The table in memory does not know the condition "${term}"`);
  return compares(value(comparison[1] ?? ''), comparison[2] ?? '', values[comparison[3] ?? '']);
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  if (left === undefined) return operator === '<>';
  if (operator === '=') return left === right;
  if (operator === '<>') return left !== right;
  if (typeof left !== typeof right) return false;
  // Numbers or texts, which JavaScript orders as DynamoDB does where the texts are ASCII.
  const [a, b] = [left as number, right as number];
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
}
