import { type Duration, positiveMs } from '../data/duration.ts';
import type { Contiguity, PatternStep } from '../operators/cep/match-definition.ts';
import { checkStep } from '../operators/cep/pattern-check.ts';
import { refuseAsync } from './graph-builder.ts';
import type { None } from './process-spec.ts';

/** How a step is asked for: by a condition, and by the time that may pass. */
export interface AbsenceOptions<T, S> {
  /** What the step takes; without it any record. `soFar` is what the match took before, by the names of its steps. */
  readonly where?: (this: void, record: T, soFar: S) => boolean;
  /** What it takes as well. */
  readonly or?: (this: void, record: T, soFar: S) => boolean;
  /** The whole match must take less than this; of several such times the shortest counts. */
  readonly within?: Duration;
  /** The step must come less than this after the one before. As in Flink, of steps that may come repeatedly it says nothing. */
  readonly withinPrevious?: Duration;
}

/** How often a step may come. */
interface Quantifiers<T, S> {
  /** This many times, or from the first to the second number. From 0 on the step is optional. */
  readonly times?: number | readonly [from: number, to: number];
  readonly timesOrMore?: number;
  readonly oneOrMore?: true;
  /** Nothing else may come between its records. */
  readonly consecutive?: true;
  /** Records that it could take may be left out between others. */
  readonly allowCombinations?: true;
  /** The match may do without it. */
  readonly optional?: true;
  /** Ends a step that may come any number of times. */
  readonly until?: (this: void, record: T, soFar: S) => boolean;
}

/** How a step takes records. Options that do not go together are refused when the pattern is written. */
export interface StepOptions<T, S> extends AbsenceOptions<T, S>, Quantifiers<T, S> {
  /** It takes what it can before the next step takes anything. */
  readonly greedy?: true;
}

/** How a group of steps comes as one. */
export type GroupOptions<T, S> = Quantifiers<T, S> & Pick<AbsenceOptions<T, S>, 'within' | 'withinPrevious'>;

/** What a condition of step `N` sees: the steps before, and the records that its own step took so far. */
export type SoFar<M, N extends string, T> = M & { readonly [Own in N]: readonly T[] };

/** The options `O` as written, which tell what a match has, and nothing that no step knows. */
type Only<O, Known> = O & Known & { readonly [N in Exclude<keyof O, keyof Known>]: never };

type Many = { readonly times: unknown } | { readonly timesOrMore: number } | { readonly oneOrMore: true };

/** What a match has for a step: a record, a record or undefined, or the list of its records. */
export type TakenBy<T, O> = O extends Many
  ? readonly T[]
  : O extends { readonly optional: true }
    ? T | undefined
    : T;

/** What a match has for the steps of a group. */
export type TakenByGroup<T, G, O> = {
  readonly [N in keyof G]: O extends Many
    ? readonly T[]
    : O extends { readonly optional: true }
      ? G[N] extends readonly T[]
        ? G[N]
        : G[N] | undefined
      : G[N];
};

/** A pattern with one step more, and with a group more. */
type WithStep<T, M, N extends string, O> = Pattern<T, M & { readonly [Own in N]: TakenBy<T, O> }>;
type WithGroup<T, M, G, O> = Pattern<T, M & TakenByGroup<T, G, O>>;
type ListsOf<T, G> = { readonly [N in keyof G]: readonly T[] };

/**
 * What to look for in a stream: steps, one after the other. Patterns are values: every method gives another one.
 *
 * Source: Flink's `Pattern`, to the letter in what matches.
 *
 * Example:
 * ```ts
 * const labeled = pattern<Order>()
 *   .begin('placed', { where: (order) => order.status === 'placed' })
 *   .followedBy('paid', { where: (order, { placed }) => order.total === placed.total })
 *   .followedBy('labeled', { where: (order) => order.status === 'labeled' })
 *   .within('2 hours');
 * ```
 */
export class Pattern<T, M> {
  /** Exist in types only. */
  declare readonly '~record': T;
  declare readonly '~match': M;
  /** The steps as plain data. */
  readonly steps: readonly PatternStep[];

  constructor(steps: readonly PatternStep[]) {
    this.steps = steps;
  }

  /** The very next record. */
  next<const N extends string, const O extends object = None>(
    name: N,
    options?: Only<O, StepOptions<T, SoFar<M, N, T>>>,
  ): WithStep<T, M, N, O>;
  next<G, const O extends object = None>(
    group: Pattern<T, G>,
    options?: Only<O, GroupOptions<T, M & ListsOf<T, G>>>,
  ): WithGroup<T, M, G, O>;
  next(step: string | Pattern<T, unknown>, options: AnyOptions = {}): Pattern<T, never> {
    return this.#with('next', step, options);
  }

  /** The next record that the step takes; others may come before it. */
  followedBy<const N extends string, const O extends object = None>(
    name: N,
    options?: Only<O, StepOptions<T, SoFar<M, N, T>>>,
  ): WithStep<T, M, N, O>;
  followedBy<G, const O extends object = None>(
    group: Pattern<T, G>,
    options?: Only<O, GroupOptions<T, M & ListsOf<T, G>>>,
  ): WithGroup<T, M, G, O>;
  followedBy(step: string | Pattern<T, unknown>, options: AnyOptions = {}): Pattern<T, never> {
    return this.#with('followed-by', step, options);
  }

  /** Any later record that the step takes, one match for each. */
  followedByAny<const N extends string, const O extends object = None>(
    name: N,
    options?: Only<O, StepOptions<T, SoFar<M, N, T>>>,
  ): WithStep<T, M, N, O>;
  followedByAny<G, const O extends object = None>(
    group: Pattern<T, G>,
    options?: Only<O, GroupOptions<T, M & ListsOf<T, G>>>,
  ): WithGroup<T, M, G, O>;
  followedByAny(step: string | Pattern<T, unknown>, options: AnyOptions = {}): Pattern<T, never> {
    return this.#with('followed-by-any', step, options);
  }

  /** The very next record must not be one of these. */
  notNext(name: string, options: AbsenceOptions<T, M> = {}): Pattern<T, M> {
    return this.#with('not-next', name, options);
  }

  /** None of these may come before the next step, or, as last step, within the time of the match. */
  notFollowedBy(name: string, options: AbsenceOptions<T, M> = {}): Pattern<T, M> {
    return this.#with('not-followed-by', name, options);
  }

  /**
   * The time that a match may take from its first to its last record, or the last step since the one before. A record
   * at exactly the first one's time + `duration` is too late.
   */
  within(
    duration: Duration,
    between: 'first-and-last' | 'previous-and-current' = 'first-and-last',
  ): Pattern<T, M> {
    const last = this.steps.at(-1);
    if (last === undefined) {
      throw new Error('Cannot set "within" of a pattern without steps: begin one with pattern().begin(…)');
    }
    const durationMs = positiveMs(duration, '"within"');
    const timed: PatternStep = {
      ...last,
      ...(between === 'first-and-last' ? { withinMs: durationMs } : { withinPreviousMs: durationMs }),
    };
    return new Pattern([...this.steps.slice(0, -1), timed]);
  }

  #with<R>(contiguity: Contiguity, step: string | Pattern<T, unknown>, options: AnyOptions): Pattern<T, R> {
    const added = stepOf(contiguity, step, options);
    checkStep(added, this.steps);
    if (options.optional === true && this.steps.at(-1)?.greedy === true) {
      throw new Error(
        `Cannot add step "${added.name}" to a pattern: it is optional, and the step before is greedy; make one of them plain`,
      );
    }
    return new Pattern([...this.steps, added]);
  }
}

/** A pattern before its first step. */
export interface PatternStart<T> {
  begin<const N extends string, const O extends object = None>(
    name: N,
    options?: Only<O, StepOptions<T, SoFar<None, N, T>>>,
  ): Pattern<T, { readonly [Own in N]: TakenBy<T, O> }>;
  begin<G, const O extends object = None>(
    group: Pattern<T, G>,
    options?: Only<O, GroupOptions<T, ListsOf<T, G>>>,
  ): Pattern<T, TakenByGroup<T, G, O>>;
}

/** A pattern of records of type `T`; see {@link Pattern}. */
export function pattern<T>(): PatternStart<T> {
  return {
    begin: (step: string | Pattern<T, unknown>, options: AnyOptions = {}): Pattern<T, never> => {
      const first = stepOf('begin', step, options);
      checkStep(first, []);
      return new Pattern([first]);
    },
  };
}

/** Options of any step, whatever its records and the steps before it are. */
type AnyOptions = StepOptions<never, never>;

function stepOf(
  contiguity: Contiguity,
  step: string | { readonly steps: readonly PatternStep[] },
  options: AnyOptions,
): PatternStep {
  const group = typeof step === 'string' ? undefined : step.steps;
  const name = typeof step === 'string' ? step : `(${step.steps.map((inner) => inner.name).join(' ')})`;
  const { within, withinPrevious, until } = options;
  const where = conditionOf(name, options);
  if (until !== undefined) {
    refuseAsync(until, `step "${name}" to a pattern`);
  }
  const times = timesOf(name, options);
  return {
    name,
    contiguity,
    ...(group === undefined ? {} : { group }),
    ...(where === undefined ? {} : { where }),
    ...(until === undefined ? {} : { until }),
    ...(times === undefined ? {} : { times: times.from === 0 ? { ...times, from: 1 } : times }),
    between: betweenOf(name, options),
    greedy: options.greedy === true,
    optional: optionalOf(name, options, times?.from),
    ...(within === undefined ? {} : { withinMs: positiveMs(within, '"within"') }),
    ...(withinPrevious === undefined
      ? {}
      : { withinPreviousMs: positiveMs(withinPrevious, '"withinPrevious"') }),
  };
}

function conditionOf(name: string, { where, or }: AnyOptions): PatternStep['where'] {
  for (const condition of [where, or]) {
    if (condition !== undefined) {
      refuseAsync(condition, `step "${name}" to a pattern`);
    }
  }
  if (where === undefined || or === undefined) {
    return where ?? or;
  }
  return (record, soFar) => where(record, soFar) || or(record, soFar);
}

function timesOf(
  name: string,
  { times, timesOrMore, oneOrMore }: AnyOptions,
): { readonly from: number; readonly to?: number } | undefined {
  const given = Object.entries({ times, timesOrMore, oneOrMore }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    throw new Error(
      `Cannot add step "${name}" to a pattern: it has ${given.map(([option]) => `"${option}"`).join(' and ')}; choose one of them`,
    );
  }
  if (typeof times === 'number') {
    // A step that is to come no time is refused with the other counts; as the lower end of a range 0 means optional.
    return { from: times === 0 ? -1 : times, to: times };
  }
  if (times !== undefined) {
    return { from: times[0], to: times[1] };
  }
  const atLeast = oneOrMore === true ? 1 : timesOrMore;
  return atLeast === undefined ? undefined : { from: atLeast === 0 ? -1 : atLeast };
}

function betweenOf(name: string, { consecutive, allowCombinations }: AnyOptions): PatternStep['between'] {
  if (consecutive === true && allowCombinations === true) {
    throw new Error(
      `Cannot add step "${name}" to a pattern: it has "consecutive" and "allowCombinations"; choose one of them`,
    );
  }
  if (consecutive === true) {
    return 'consecutive';
  }
  return allowCombinations === true ? 'combinations' : 'relaxed';
}

function optionalOf(name: string, { optional }: AnyOptions, from: number | undefined): boolean {
  if (optional === true && from === 0) {
    throw new Error(
      `Cannot add step "${name}" to a pattern: from 0 times on it is optional already; leave "optional" out`,
    );
  }
  return optional === true || from === 0;
}
