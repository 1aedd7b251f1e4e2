/** Event patterns of EventBridge: which events a rule wants. */
import { isObject } from '../../input.ts';

/** Whether an event has, for each member of the pattern, one of the values that the pattern allows. */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern)) return false;
  return Object.entries(pattern).every(([member, wanted]) => {
    if (member === '$or') return Array.isArray(wanted) && wanted.some((one) => matchesPattern(one, event));
    const value = isObject(event) ? event[member] : undefined;
    return Array.isArray(wanted)
      ? wanted.some((one) => matchesValue(one, value))
      : matchesPattern(wanted, value);
  });
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  // A list in an event matches when one of its members does.
  if (Array.isArray(value)) return value.some((member) => matchesValue(wanted, member));
  if (!isObject(wanted)) return wanted === value;
  return Object.entries(wanted).every(([test, operand]) => passes(test, operand, value));
}

function passes(test: string, operand: unknown, value: unknown): boolean {
  switch (test) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(operand));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'wildcard':
      return typeof value === 'string' && wildcard(String(operand)).test(value);
    case 'anything-but':
      return value !== undefined && !alternatives(operand).some((one) => matchesValue(one, value));
    case 'numeric':
      return typeof value === 'number' && Array.isArray(operand) && inRange(operand, value);
    default:
      throw new Error(`Cannot match event pattern: test "${test}" is not known locally`);
  }
}

function alternatives(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand];
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Comparisons and bounds in turn, such as `['>', 0, '<=', 5]`. */
function inRange(comparisons: readonly unknown[], value: number): boolean {
  for (let index = 0; index < comparisons.length; index += 2) {
    if (!compares(comparisons[index], value, Number(comparisons[index + 1]))) return false;
  }
  return true;
}

function compares(operator: unknown, value: number, bound: number): boolean {
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      throw new Error(`Cannot match event pattern: numeric operator "${String(operator)}" is not known`);
  }
}
