import type { Keyed } from './subject.ts';
import { computeWord } from './words.ts';

/** A condition of the suite over an event and what the partial match took before. */
export type Ask = (event: Keyed, soFar: Readonly<Record<string, unknown>>) => boolean;

/** The condition that an expression of the suite stands for; test/data/operators/README.md has the language. */
export function askOf(expression: unknown): Ask {
  return (event, soFar) => evaluate(expression, { event, soFar }) === true;
}

interface Scope {
  readonly event: Keyed;
  readonly soFar: Readonly<Record<string, unknown>>;
}

function evaluate(expression: unknown, scope: Scope): unknown {
  if (!Array.isArray(expression)) {
    return expression;
  }
  const [word, ...args] = expression as [string, ...unknown[]]; // calls begin with their word
  switch (word) {
    case 'value':
      return args.length === 0 ? scope.event.value : fieldOf(scope.event, args[0]);
    case 'count':
    case 'sum':
    case 'first':
    case 'last':
      return overTaken(word, takenBy(scope, args[0]), args[1]);
    default:
      return computeWord(
        word,
        args.map((arg) => evaluate(arg, scope)),
      );
  }
}

/** The events of a step as the suite counts them: a list, whatever the step takes. */
function takenBy({ soFar }: Scope, step: unknown): readonly Keyed[] {
  const taken = soFar[String(step)] as Keyed | readonly Keyed[] | undefined; // all events are records of the suite
  return [taken ?? []].flat();
}

function overTaken(
  word: 'count' | 'sum' | 'first' | 'last',
  taken: readonly Keyed[],
  field: unknown,
): unknown {
  switch (word) {
    case 'count':
      return taken.length;
    case 'sum':
      return taken.reduce((sum, event) => sum + Number(fieldOf(event, field)), 0);
    case 'first':
      return fieldOf(taken[0], field);
    case 'last':
      return fieldOf(taken.at(-1), field);
  }
}

function fieldOf(event: Keyed | undefined, field: unknown): unknown {
  const value = event?.value;
  return typeof value === 'object' && value !== null
    ? ((value as Readonly<Record<string, unknown>>)[String(field)] ?? null) // an object of the case
    : null;
}
