import type { Schema } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import type { PatternStep, SkipStrategy } from '../operators/cep/match-definition.ts';
import { MATCHES } from '../operators/cep/match-table.ts';
import { patternFault } from '../operators/cep/pattern-check.ts';
import { type NewNode, refuseAsync } from './graph-builder.ts';
import type { Pattern } from './pattern.ts';
import { undeclared } from './record-schema.ts';

/** The record of a match: one field per step. */
export type Match<M> = { readonly [N in keyof M]: M[N] };

/**
 * How a pattern is looked for.
 *
 * `skip` says which partial matches go when a match was found: none (the default), those that began with the same
 * record, all that began before its end, or all that began before the first or last record of a step.
 */
export interface MatchOptions<T, M> {
  readonly skip?: 'none' | 'to-next' | 'past-last' | SkipToStep<M>;
  /** Default `event`: records wait for the watermark and are looked at in the order of their times. */
  readonly time?: 'event' | 'processing';
  /** Orders records of equal time; without it they are looked at as they came. */
  readonly comparator?: (left: T, right: T) => number;
}

/** Skips to the first or last record of a step; `throwIfMissing` fails where the match has none, or would begin there again. */
export type SkipToStep<M> =
  | { readonly toFirst: keyof M & string; readonly throwIfMissing?: boolean }
  | { readonly toLast: keyof M & string; readonly throwIfMissing?: boolean };

/** Where a pattern is looked for. */
export interface MatchPlace<T, M> {
  readonly input: DataflowEdge;
  /** Schema of the records of the input. */
  readonly records: Schema;
  readonly options: MatchOptions<T, M>;
}

/** The node that looks for a pattern. */
export function matchNode<T, M>(
  name: string,
  { steps }: Pattern<T, M>,
  { input, records, options }: MatchPlace<T, M>,
): NewNode {
  const skip = skipOf(options.skip);
  const fault = patternFault(steps, skip);
  if (fault !== undefined) {
    throw new Error(`Cannot add match "${name}": ${fault}`);
  }
  if (options.comparator !== undefined) {
    refuseAsync(options.comparator, `match "${name}", its "comparator"`);
  }
  return {
    name,
    kind: 'match',
    inputs: [input],
    sideSchemas: { timedOut: undeclared },
    sideInputs: { late: 0 },
    state: [{ name: MATCHES, kind: 'matches', schema: records }],
    description: { pattern: patternText(steps), ...skipText(skip), time: options.time ?? 'event' },
    definition: {
      kind: 'match',
      steps,
      skip,
      time: options.time ?? 'event',
      ...(options.comparator === undefined ? {} : { comparator: options.comparator }),
    },
  };
}

function skipOf(skip: MatchOptions<never, Record<string, unknown>>['skip'] = 'none'): SkipStrategy {
  if (typeof skip === 'string') {
    return { kind: skip };
  }
  const throwIfMissing = skip.throwIfMissing === true;
  return 'toFirst' in skip
    ? { kind: 'to-first', step: skip.toFirst, throwIfMissing }
    : { kind: 'to-last', step: skip.toLast, throwIfMissing };
}

function skipText(skip: SkipStrategy): Readonly<Record<string, string>> {
  if (skip.kind === 'none') {
    return {};
  }
  return { skip: 'step' in skip ? `${skip.kind} ${skip.step}` : skip.kind };
}

/** A pattern in one line for people: `placed, followed-by paid (1 or more times), within 7200000 ms`. */
function patternText(steps: readonly PatternStep[]): string {
  return steps
    .map((step) => (step.contiguity === 'begin' ? stepText(step) : `${step.contiguity} ${stepText(step)}`))
    .join(', ');
}

function stepText(step: PatternStep): string {
  const { name, group, times, between, greedy, optional, until, withinMs, withinPreviousMs } = step;
  const details = [
    ...(times === undefined ? [] : [timesText(times)]),
    ...(between === 'relaxed' ? [] : [between]),
    ...(greedy ? ['greedy'] : []),
    ...(optional ? ['optional'] : []),
    ...(until === undefined ? [] : ['until']),
    ...(withinMs === undefined ? [] : [`within ${withinMs} ms`]),
    ...(withinPreviousMs === undefined ? [] : [`within ${withinPreviousMs} ms of the one before`]),
  ];
  const what = group === undefined ? name : `(${patternText(group)})`;
  return details.length === 0 ? what : `${what} [${details.join(', ')}]`;
}

function timesText({ from, to }: NonNullable<PatternStep['times']>): string {
  if (to === undefined) {
    return `${from} or more times`;
  }
  return from === to ? `${from} times` : `${from} to ${to} times`;
}
