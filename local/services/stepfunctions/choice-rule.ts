/** Rules of a Choice state in the JSONPath query language. */
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { StateFailure } from './failure.ts';
import { hasPath, readPath } from './json-path.ts';
import type { PathScope } from './json-path.ts';

type Comparison = (left: never, right: never) => boolean;
interface Comparable {
  readonly type: 'string' | 'number' | 'boolean';
  read(value: unknown): unknown;
}

const comparables: Readonly<Record<string, Comparable>> = {
  String: { type: 'string', read: (value) => value },
  Numeric: { type: 'number', read: (value) => value },
  Boolean: { type: 'boolean', read: (value) => value },
  Timestamp: { type: 'string', read: (value) => Date.parse(String(value)) },
};

const comparisons: Readonly<Record<string, Comparison>> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  GreaterThan: (left, right) => left > right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThanEquals: (left, right) => left >= right,
  Matches: (left, right) => wildcard(right).test(left),
};

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && isTimestamp(value),
};

const besides = new Set(['Variable', 'Next', 'Comment', 'Assign', 'Output']);

/** Whether a rule holds; comparing what is not there fails, as on AWS. */
export function holds(rule: JsonObject, scope: PathScope): boolean {
  if (Array.isArray(rule['And'])) return rule['And'].filter(isObject).every((one) => holds(one, scope));
  if (Array.isArray(rule['Or'])) return rule['Or'].filter(isObject).some((one) => holds(one, scope));
  if (isObject(rule['Not'])) return !holds(rule['Not'], scope);
  const path = String(rule['Variable']);
  const operator = Object.keys(rule).find((member) => !besides.has(member)) ?? '';
  const operand = rule[operator];
  if (operator === 'IsPresent') return hasPath(path, scope) === operand;
  const value = readPath(path, scope);
  const kind = kinds[operator];
  if (kind !== undefined) return kind(value) === operand;
  return compare(operator, value, operator.endsWith('Path') ? readPath(String(operand), scope) : operand);
}

function compare(operator: string, value: unknown, operand: unknown): boolean {
  const match = /^(String|Numeric|Boolean|Timestamp)(\w+?)(?:Path)?$/.exec(operator);
  const comparable = comparables[match?.[1] ?? ''];
  const comparison = comparisons[match?.[2] ?? ''];
  if (comparable === undefined || comparison === undefined) {
    throw new StateFailure('States.Runtime', `The choice operator "${operator}" is not known`);
  }
  if (typeof value !== comparable.type || typeof operand !== comparable.type) return false;
  // Both sides have the type that the operator names, which is what the comparison expects.
  return comparison(comparable.read(value) as never, comparable.read(operand) as never);
}

function isTimestamp(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function wildcard(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const letter = pattern[index] ?? '';
    const escaped = letter === '\\' ? pattern[(index += 1)] : undefined;
    if (letter === '*') source += '.*';
    else source += (escaped ?? letter).replace(/[.*+?^${}()|[\]\\]/, String.raw`\$&`);
  }
  return new RegExp(`^${source}$`, 's');
}
